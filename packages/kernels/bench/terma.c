/* Water-equivalent depth and TERMA of src/water-depth.ts and src/terma.ts in C, one voxel after another, for terma.bench.ts: reads the
   compiled kernels' memory and one of their calls from a file, and prints its shortest time of some runs in ms of processor time
   and the sum of what it wrote. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *memory;
#define FLOATS(p) ((float *)(memory + (p)))
#define DOUBLES(p) ((double *)(memory + (p)))

static float alongSlab(const float *plane, int na, int nb, int strideA, int strideB, double a0, double a1, double b0, double b1) {
  int i = (int)floor(a0), j = (int)floor(b0);
  const double da = a1 - a0, db = b1 - b0;
  double nextA = da > 0 ? (i + 1 - a0) / da : da < 0 ? (i - a0) / da : INFINITY;
  double nextB = db > 0 ? (j + 1 - b0) / db : db < 0 ? (j - b0) / db : INFINITY;
  double sum = 0, reached = 0;
  for (;;) {
    const double until = fmin(fmin(nextA, nextB), 1);
    if (i >= 0 && j >= 0 && i < na && j < nb) sum += (until - reached) * plane[i * strideA + j * strideB];
    if (until >= 1) return sum;
    reached = until;
    if (nextA <= nextB) i += da > 0 ? 1 : -1, nextA += 1 / fabs(da);
    else j += db > 0 ? 1 : -1, nextB += 1 / fabs(db);
  }
}

/* Rays of one row through one row of voxels: most stay in a voxel or cross one face. */
static void throughRow(float *sums, const float *row, int na, int strideA, double sa, double first, double apart, double enters, double leaves, int from, int to) {
  const float way = leaves - enters;
  for (int m = from; m <= to; m++) {
    const double u = first + m * apart, a0 = sa + u * enters, a1 = sa + u * leaves;
    if (a0 >= 0 && a1 >= 0 && a0 < na && a1 < na) {
      const int i0 = (int)a0, i1 = (int)a1;
      const float one = row[i0 * strideA];
      if (i0 == i1) { sums[m] += way * one; continue; }
      if (i1 - i0 == 1 || i0 - i1 == 1) {
        const float other = row[i1 * strideA];
        sums[m] += way * (other + (one - other) * (float)(((i1 > i0 ? i1 : i0) - a0) / (a1 - a0)));
        continue;
      }
    }
    sums[m] += way * alongSlab(row, na, 1, strideA, 0, a0, a1, 0.5, 0.5);
  }
}

static void depthAlongRays(const int32_t *g) {
  const double *fan = DOUBLES(g[0]);
  const float *density = FLOATS(g[1]);
  float *depth = FLOATS(g[2]), *passed = FLOATS(g[3]);
  const int na = g[4], nb = g[5], nc = g[6], strideA = g[7], strideB = g[8], strideC = g[9], rays = g[11], fromRow = g[12], toRow = g[13];
  const double sa = fan[0] + 0.5, sb = fan[1] + 0.5, sc = fan[2], firstA = fan[3], apartA = fan[4], firstB = fan[5], apartB = fan[6], spacing = fan[7], perA = fan[8], perB = fan[9];
  memset(passed, 0, sizeof(float) * (toRow - fromRow + 1) * rays);
  for (int step = 0; step < nc; step++) {
    const int k = g[10] ? step : nc - 1 - step;
    const float *plane = density + (size_t)k * strideC;
    const double centre = fabs(k - sc);
    for (int j = 0; j < nb; j++) {
      const double v = (j + 0.5 - sb) / centre, row = (v - firstB) / apartB;
      const int n = (int)floor(row);
      if (n < fromRow || n >= toRow) continue;
      const float share = row - n;
      const float *sums = passed + (size_t)(n - fromRow) * rays;
      for (int i = 0; i < na; i++) {
        const double u = (i + 0.5 - sa) / centre, column = (u - firstA) / apartA;
        const int m = (int)column;
        const float across = column - m;
        const float low = sums[m] + (sums[m + 1] - sums[m]) * across, high = sums[m + rays] + (sums[m + rays + 1] - sums[m + rays]) * across;
        const float own = fabs(u) > 1 || fabs(v) > 1 ? alongSlab(plane, na, nb, strideA, strideB, i + 0.5 - 0.5 * u, i + 0.5, j + 0.5 - 0.5 * v, j + 0.5) : plane[i * strideA + j * strideB];
        depth[(size_t)k * strideC + i * strideA + j * strideB] = (low + (high - low) * share + 0.5f * own) * (float)(spacing * sqrt(1 + u * perA * u * perA + v * perB * v * perB));
      }
    }
    const double enters = centre - 0.5, leaves = centre + 0.5;
    const int fromM = fmax(0, floor((fmin(-sa / enters, -sa / leaves) - firstA) / apartA)), toM = fmin(rays - 1, ceil((fmax((na - sa) / enters, (na - sa) / leaves) - firstA) / apartA));
    const int fromN = fmax(fromRow, floor((fmin(-sb / enters, -sb / leaves) - firstB) / apartB)), toN = fmin(toRow, ceil((fmax((nb - sb) / enters, (nb - sb) / leaves) - firstB) / apartB));
    for (int n = fromN; n <= toN; n++) {
      const double v = firstB + n * apartB, b0 = sb + v * enters;
      int j = (int)floor(b0);
      double next = v > 0 ? (j + 1 - b0) / v : v < 0 ? (j - b0) / v : INFINITY, reached = 0;
      for (;;) {
        const double until = fmin(next, 1);
        if (j >= 0 && j < nb && until > reached) throughRow(passed + (size_t)(n - fromRow) * rays, plane + (size_t)j * strideB, na, strideA, sa, firstA, apartA, enters + reached, enters + until, fromM, toM);
        if (next >= 1) break;
        reached = next;
        j += v > 0 ? 1 : -1;
        next += 1 / fabs(v);
      }
    }
  }
}

typedef struct { float perMm, x, y; int32_t nx, ny, values; } Map;
typedef struct { float perMm; int32_t last, values; } Table;

static inline float within(float value, float least, float most) { return value < least ? least : value > most ? most : value; }

static inline float smooth(const Map *map, float x, float y) {
  const float u = (x - map->x) * map->perMm, v = (y - map->y) * map->perMm;
  if (!(u >= -0.5f && v >= -0.5f && u <= map->nx - 0.5f && v <= map->ny - 0.5f)) return 0;
  const int i = (int)(u + 1), j = (int)(v + 1), stride = map->nx + 2;
  const float a = u + 1 - i, b = v + 1 - j, *at = FLOATS(map->values) + i + j * stride;
  const float low = at[0] + (at[1] - at[0]) * a, high = at[stride] + (at[stride + 1] - at[stride]) * a;
  return low + (high - low) * b;
}

static inline double upTo(const double *sums, int nx, int ny, float x, float y) {
  const int i = (int)x < nx - 1 ? (int)x : nx - 1, j = (int)y < ny - 1 ? (int)y : ny - 1;
  const double a = x - i, b = y - j, *at = sums + i + (size_t)j * (nx + 1);
  const double low = at[0] + (at[1] - at[0]) * a, high = at[nx + 1] + (at[nx + 2] - at[nx + 1]) * a;
  return low + (high - low) * b;
}

static inline float inTable(const Table *table, float depth, float *hardening) {
  const float steps = within(depth * table->perMm, 0, table->last);
  const int n = (int)steps < table->last - 1 ? (int)steps : table->last - 1;
  const float share = steps - n, *at = FLOATS(table->values) + 2 * n;
  *hardening = at[1] + (at[3] - at[1]) * share;
  return at[0] + (at[2] - at[0]) * share;
}

static void releaseRows(const int32_t *g) {
  const double *p = DOUBLES(g[0]);
  const Map *maps = (Map *)(memory + g[1]);
  const Table *tables = (Table *)(memory + g[2]);
  const float *depths = FLOATS(g[3]);
  float *terma = FLOATS(g[4]), *hardTerma = FLOATS(g[5]), *electronDose = FLOATS(g[6]);
  const int nx = g[7], ny = g[8];
  const float sad = p[12], halfX = p[13] / 2 * maps->perMm, halfY = p[14] / 2 * maps->perMm, softening = p[15], extraSad = p[16], surface = p[17], fading = p[18];
  const double *sums = DOUBLES(maps->values);
  const float perArea = 0.25f / (halfX * halfY);
  for (int k = g[9]; k < g[10]; k++) for (int j = 0; j < ny; j++) {
    const double rowX = p[1] * j + p[2] * k + p[3], rowY = p[5] * j + p[6] * k + p[7], rowZ = p[9] * j + p[10] * k + p[11];
    size_t at = (size_t)(k * ny + j) * nx;
    for (int i = 0; i < nx; i++, at++) {
      const float x = rowX + p[0] * i, y = rowY + p[4] * i, z = rowZ + p[8] * i, depth = depths[at];
      float released = 0, hard = 0, electron = 0, hardening;
      if (z < sad) {
        const float scale = sad / (sad - z), atX = x * scale, atY = y * scale;
        const float u = (atX - maps->x) * maps->perMm + 0.5f, v = (atY - maps->y) * maps->perMm + 0.5f;
        const float left = within(u - halfX * scale, 0, maps->nx), right = within(u + halfX * scale, 0, maps->nx), bottom = within(v - halfY * scale, 0, maps->ny), top = within(v + halfY * scale, 0, maps->ny);
        const float fluence = perArea * (upTo(sums, maps->nx, maps->ny, right, top) - upTo(sums, maps->nx, maps->ny, left, top) - upTo(sums, maps->nx, maps->ny, right, bottom) + upTo(sums, maps->nx, maps->ny, left, bottom));
        released = fluence * inTable(tables, depth * (1 + softening * sqrtf(atX * atX + atY * atY)), &hardening);
        hard = released * hardening;
        if (z < extraSad) {
          const float extraScale = extraSad / (extraSad - z);
          const float extra = smooth(maps + 1, x * extraScale, y * extraScale) * extraScale * extraScale * inTable(tables + 1, depth, &hardening);
          released += extra;
          hard += extra * hardening;
        }
        if (depth * fading < 18.4f) electron = smooth(maps + 2, atX, atY) * scale * scale * surface * expf(-depth * fading);
      }
      terma[at] = released;
      hardTerma[at] = hard;
      electronDose[at] = electron;
    }
  }
}

int main(int count, char **words) {
  FILE *file = count == 3 ? fopen(words[1], "rb") : NULL;
  /* Which call, bytes of memory, where it writes, how many floats, and what it is given. */
  int32_t head[4], given[14];
  if (!file || fread(head, 4, 4, file) != 4 || fread(given, 4, 14, file) != 14) return 1;
  memory = malloc(head[1]);
  if (!memory || fread(memory, 1, head[1], file) != (size_t)head[1]) return 1;
  double least = INFINITY, sum = 0;
  for (int n = 0; n < atoi(words[2]); n++) {
    const clock_t start = clock();
    if (head[0]) releaseRows(given);
    else depthAlongRays(given);
    least = fmin(least, 1000.0 * (clock() - start) / CLOCKS_PER_SEC);
  }
  for (int32_t n = 0; n < head[3]; n++) sum += FLOATS(head[2])[n];
  printf("%.3f %.9g\n", least, sum);
  return 0;
}
