// The peer of assembly/pencil-beam.ts in its benchmark: the same loops in C with the same 128 bits, one thread.
// Reads n, fields, voxels, rows (4), then bixels, weights, gradient, and per field positions, factors and spectra, all from the
// file named first; writes dose and gradient of the weights to the file named second; prints the milliseconds of both ways.
#include <math.h>
#include <smmintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { int passes, radix[8]; __m128 quarter, third, turns[4096]; } Plan;
static int n, fields, voxels, rows[4], bixelCount;
static Plan *there, *back;
static __m128 *work;
static int *bixels;
static float *weights, *gradient, *result, *dose;
static float *positions[64];
static __m128 *factors[64], *spectra[64], *maps[64];
static float *plane;

static void *room(size_t bytes) { void *p = aligned_alloc(64, (bytes + 127) / 64 * 64); memset(p, 0, bytes); return p; }
static inline __m128 exchanged(__m128 a) { return _mm_shuffle_ps(a, a, _MM_SHUFFLE(2, 3, 0, 1)); }
static inline __m128 turned(__m128 a, const __m128 *t) { return _mm_add_ps(_mm_mul_ps(a, t[0]), _mm_mul_ps(exchanged(a), t[1])); }

static Plan *planOf(int length, float sign) {
  Plan *p = room(sizeof(Plan));
  const int tried[] = {4, 2, 3};
  int left = length;
  for (int r = 0; r < 3; r++) while (left % tried[r] == 0) { p->radix[p->passes++] = tried[r]; left /= tried[r]; }
  p->quarter = _mm_setr_ps(sign, -sign, sign, -sign);
  p->third = _mm_mul_ps(p->quarter, _mm_set1_ps(sqrtf(0.75f)));
  __m128 *t = p->turns;
  left = length;
  for (int s = 0; s < p->passes; s++) {
    for (int q = 0; q < left / p->radix[s]; q++) for (int j = 1; j < p->radix[s]; j++) {
      double angle = -2 * M_PI * sign * j * q / left;
      *t++ = _mm_set1_ps((float)cos(angle));
      *t++ = _mm_mul_ps(_mm_set1_ps((float)sin(angle)), _mm_setr_ps(-1, 1, -1, 1));
    }
    left /= p->radix[s];
  }
  return p;
}

static __m128 *transformLine(__m128 *from, __m128 *to, const Plan *plan) {
  const __m128 *t = plan->turns;
  int left = n, stride = 1;
  for (int pass = 0; pass < plan->passes; pass++) {
    const int radix = plan->radix[pass];
    left /= radix;
    const int apart = left * stride;
    const __m128 *a = from;
    __m128 *y = to;
    for (int p = 0; p < left; p++, y += (radix - 1) * stride, t += 2 * (radix - 1)) {
      for (const __m128 *end = a + stride; a < end; a++, y++) {
        if (radix == 4) {
          const __m128 even = _mm_add_ps(a[0], a[2 * apart]), odd = _mm_add_ps(a[apart], a[3 * apart]);
          const __m128 difference = _mm_sub_ps(a[0], a[2 * apart]);
          const __m128 across = _mm_mul_ps(exchanged(_mm_sub_ps(a[apart], a[3 * apart])), plan->quarter);
          y[0] = _mm_add_ps(even, odd);
          y[stride] = _mm_add_ps(difference, across);
          y[2 * stride] = _mm_sub_ps(even, odd);
          y[3 * stride] = _mm_sub_ps(difference, across);
          if (p > 0) for (int j = 1; j < 4; j++) y[j * stride] = turned(y[j * stride], t + 2 * j - 2);
        } else if (radix == 3) {
          const __m128 sum = _mm_add_ps(a[apart], a[2 * apart]);
          const __m128 middle = _mm_sub_ps(a[0], _mm_mul_ps(sum, _mm_set1_ps(0.5f)));
          const __m128 across = _mm_mul_ps(exchanged(_mm_sub_ps(a[apart], a[2 * apart])), plan->third);
          y[0] = _mm_add_ps(a[0], sum);
          y[stride] = _mm_add_ps(middle, across);
          y[2 * stride] = _mm_sub_ps(middle, across);
          if (p > 0) for (int j = 1; j < 3; j++) y[j * stride] = turned(y[j * stride], t + 2 * j - 2);
        } else {
          const __m128 difference = _mm_sub_ps(a[0], a[apart]);
          y[0] = _mm_add_ps(a[0], a[apart]);
          y[stride] = turned(difference, t);
        }
      }
    }
    __m128 *read = from;
    from = to;
    to = read;
    stride *= radix;
  }
  return from;
}

static void transformLines(__m128 *at, int step, int lines, int apart, const Plan *plan) {
  for (int l = 0; l < lines; l++, at += step) {
    for (int i = 0; i < n; i++) work[i] = at[i * apart];
    const __m128 *done = transformLine(work, work + n, plan);
    for (int i = 0; i < n; i++) at[i * apart] = done[i];
  }
}

static void transformRows(float *at, int count, const Plan *plan) {
  const int row = 2 * (n + 2);
  for (int j = 0; j < count; j += 2, at += 2 * row) {
    for (int i = 0; i < n; i += 2) {
      const __m128 a = _mm_load_ps(at + 2 * i), b = _mm_load_ps(at + row + 2 * i);
      work[i] = _mm_movelh_ps(a, b);
      work[i + 1] = _mm_movehl_ps(b, a);
    }
    const __m128 *done = transformLine(work, work + n, plan);
    for (int i = 0; i < n; i += 2) {
      _mm_store_ps(at + 2 * i, _mm_movelh_ps(done[i], done[i + 1]));
      _mm_store_ps(at + row + 2 * i, _mm_movehl_ps(done[i + 1], done[i]));
    }
  }
}

static void convolve(int f) {
  const int row = 2 * (n + 2), mapRow = n + 1;
  memset(plane, 0, 4ul * row * n);
  for (int b = 0; b < bixelCount; b++) for (int j = 0; j < 2; j++) for (int i = 0; i < 2; i++) plane[(bixels[b] / n + j) * row + 2 * (bixels[b] % n + i)] += weights[f * bixelCount + b];
  transformRows(plane + rows[0] * row, rows[1], there);
  transformLines((__m128 *)plane, 1, n / 2, row / 4, there);
  const __m128 signs = _mm_setr_ps(-1, 1, -1, 1);
  for (int j = 0; j < n; j++) for (int i = 0; i < n; i++) {
    const __m128 k = spectra[f][j * n + i];
    maps[f][j * mapRow + i] = _mm_add_ps(_mm_mul_ps(_mm_set1_ps(plane[j * row + 2 * i]), k), _mm_mul_ps(_mm_set1_ps(plane[j * row + 2 * i + 1]), _mm_mul_ps(exchanged(k), signs)));
  }
  transformLines(maps[f], 1, n, mapRow, back);
  transformLines(maps[f] + rows[2] * mapRow, mapRow, rows[3], 1, back);
}

static inline __m128 *placeOf(int f, int v, __m128 *right, __m128 *down) {
  const __m128 place = _mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)(positions[f] + 2 * v)));
  const __m128i whole = _mm_cvttps_epi32(place);
  const __m128 share = _mm_sub_ps(place, _mm_cvtepi32_ps(whole));
  *right = _mm_shuffle_ps(share, share, 0);
  *down = _mm_shuffle_ps(share, share, 0x55);
  return maps[f] + _mm_extract_epi32(whole, 1) * (n + 1) + _mm_cvtsi128_si32(whole);
}

static void gather(void) {
  static __m128 parts[1024];
  for (int first = 0; first < voxels; first += 1024) {
    const int count = voxels - first < 1024 ? voxels - first : 1024;
    memset(parts, 0, sizeof parts);
    for (int f = 0; f < fields; f++) for (int v = 0; v < count; v++) {
      __m128 right, down;
      const __m128 *at = placeOf(f, first + v, &right, &down);
      const __m128 upper = _mm_add_ps(at[0], _mm_mul_ps(right, _mm_sub_ps(at[1], at[0])));
      const __m128 lower = _mm_add_ps(at[n + 1], _mm_mul_ps(right, _mm_sub_ps(at[n + 2], at[n + 1])));
      parts[v] = _mm_add_ps(parts[v], _mm_mul_ps(_mm_add_ps(upper, _mm_mul_ps(down, _mm_sub_ps(lower, upper))), factors[f][first + v]));
    }
    for (int v = 0; v < count; v++) {
      const __m128 pair = _mm_add_ps(parts[v], _mm_movehl_ps(parts[v], parts[v]));
      dose[first + v] = _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
    }
  }
}

static void adjoint(int f) {
  const int row = 2 * (n + 2), mapRow = n + 1;
  memset(maps[f], 0, 16ul * mapRow * n);
  for (int v = 0; v < voxels; v++) {
    __m128 right, down;
    __m128 *at = placeOf(f, v, &right, &down);
    const __m128 value = _mm_mul_ps(_mm_set1_ps(gradient[v]), factors[f][v]);
    const __m128 lower = _mm_mul_ps(value, down), upper = _mm_sub_ps(value, lower);
    const __m128 upperRight = _mm_mul_ps(upper, right), lowerRight = _mm_mul_ps(lower, right);
    at[0] = _mm_add_ps(at[0], _mm_sub_ps(upper, upperRight));
    at[1] = _mm_add_ps(at[1], upperRight);
    at[mapRow] = _mm_add_ps(at[mapRow], _mm_sub_ps(lower, lowerRight));
    at[mapRow + 1] = _mm_add_ps(at[mapRow + 1], lowerRight);
  }
  transformLines(maps[f] + rows[2] * mapRow, mapRow, rows[3], 1, there);
  transformLines(maps[f], 1, n, mapRow, there);
  const __m128 signs = _mm_setr_ps(1, -1, 1, -1);
  for (int j = 0; j < n; j++) for (int i = 0; i < n; i++) {
    const __m128 value = maps[f][j * mapRow + i], k = spectra[f][j * n + i];
    const __m128 halves = _mm_hadd_ps(_mm_mul_ps(value, k), _mm_mul_ps(exchanged(value), _mm_mul_ps(k, signs)));
    const __m128 whole = _mm_hadd_ps(halves, halves);
    _mm_storel_pi((__m64 *)(plane + j * row + 2 * i), whole);
  }
  transformLines((__m128 *)plane, 1, n / 2, row / 4, back);
  transformRows(plane + rows[0] * row, rows[1], back);
  for (int b = 0; b < bixelCount; b++) {
    float sum = 0;
    for (int j = 0; j < 2; j++) for (int i = 0; i < 2; i++) sum += plane[(bixels[b] / n + j) * row + 2 * (bixels[b] % n + i)];
    result[f * bixelCount + b] = sum;
  }
}

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e3 + t.tv_nsec / 1e6; }
static void *numbers(FILE *in, size_t bytes) { void *p = room(bytes); if (fread(p, 1, bytes, in) != bytes) exit(1); return p; }

int main(int count, char **names) {
  if (count < 3) return 1;
  FILE *in = fopen(names[1], "rb");
  int *head = numbers(in, 32);
  n = head[0], fields = head[1], voxels = head[2], bixelCount = head[3];
  memcpy(rows, head + 4, 16);
  bixels = numbers(in, 4ul * bixelCount);
  weights = numbers(in, 4ul * bixelCount * fields);
  gradient = numbers(in, 4ul * voxels);
  for (int f = 0; f < fields; f++) {
    positions[f] = numbers(in, 8ul * voxels);
    factors[f] = numbers(in, 16ul * voxels);
    spectra[f] = numbers(in, 16ul * n * n);
    maps[f] = room(16ul * (n + 1) * (n + 1));
  }
  dose = room(4ul * voxels), result = room(4ul * bixelCount * fields), plane = room(8ul * (n + 2) * n), work = room(32ul * n);
  there = planOf(n, 1), back = planOf(n, -1);
  double best[3] = {1e9, 1e9, 1e9};
  for (int repeat = 0; repeat < 15; repeat++) {
    const double t0 = now();
    for (int f = 0; f < fields; f++) convolve(f);
    const double t1 = now();
    gather();
    const double t2 = now();
    for (int f = 0; f < fields; f++) adjoint(f);
    const double took[3] = {t1 - t0, t2 - t1, now() - t2};
    for (int i = 0; i < 3; i++) if (took[i] < best[i]) best[i] = took[i];
  }
  FILE *out = fopen(names[2], "wb");
  fwrite(dose, 4, voxels, out);
  fwrite(result, 4, (size_t)bixelCount * fields, out);
  fclose(out);
  printf("%f %f %f\n", best[0], best[1], best[2]);
  return 0;
}
