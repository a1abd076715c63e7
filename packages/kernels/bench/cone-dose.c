/* The loop of assembly/cone-dose.ts in C with 128-bit SIMD, step by step the same, for cone-dose.bench.ts: reads volumes and sweeps
   from a file, and prints its shortest time of some runs in ms of processor time and the sum of the dose. Needs SSE 4.1. */
#include <smmintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  int32_t length, rows;
  float *voxels, *dose;
  int32_t *extents;
} Layout;

typedef struct {
  int32_t layout, nx, pitch, lines, shift, rows, planes, row0, rowAcross, rowAlong, halvings, betaHalvings;
} Numbers;

typedef struct {
  Numbers n;
  float cone[13];
  int32_t *moves, *rowMoves;
} Sweep;

static inline __attribute__((always_inline)) void follow(const float *cone, float *state, int32_t stride, const float *voxels, float *dose, int64_t count, float tiltAtStart, int halvings, int betaHalvings) {
  const __m128 one = _mm_set1_ps(1), half = _mm_set1_ps(0.5f);
  const __m128 w0 = _mm_set1_ps(0.49999178f), w1 = _mm_set1_ps(-0.1664024f), w2 = _mm_set1_ps(0.0403123603f), w3 = _mm_set1_ps(-0.00602944378f);
  const __m128 s0 = _mm_set1_ps(0.49994792f), s1 = _mm_set1_ps(-0.1625f);
  const __m128 a1 = _mm_set1_ps(cone[0]), a2 = _mm_set1_ps(cone[1]), a3 = _mm_set1_ps(cone[2]), b1 = _mm_set1_ps(cone[3]), b2 = _mm_set1_ps(cone[4]), b3 = _mm_set1_ps(cone[5]);
  const __m128 alpha = _mm_set1_ps(cone[6] / (1 << halvings)), beta = _mm_set1_ps(cone[7] / (1 << betaHalvings)), untilted = _mm_set1_ps(cone[8]);
  const __m128 perStep = _mm_set1_ps(4 * cone[10]);
  __m128 tilt = _mm_add_ps(_mm_set1_ps(tiltAtStart), _mm_mul_ps(_mm_set1_ps(cone[10]), _mm_setr_ps(0, 1, 2, 3)));
  for (const float *const end = dose + count; dose < end; dose += 4, voxels += 16, state += 4) {
    const __m128 mass = _mm_loadu_ps(voxels);
    const __m128 leaning = _mm_add_ps(untilted, _mm_mul_ps(tilt, _mm_loadu_ps(voxels + 12)));
    const __m128 tilted = _mm_add_ps(one, _mm_mul_ps(leaning, leaning));
    tilt = _mm_add_ps(tilt, perStep);
    const __m128 released = _mm_mul_ps(_mm_loadu_ps(voxels + 4), tilted), hardened = _mm_mul_ps(_mm_loadu_ps(voxels + 8), tilted);
#define DOUBLED h = _mm_mul_ps(half, _mm_add_ps(h, _mm_mul_ps(half, _mm_mul_ps(g, g)))); x = _mm_add_ps(x, x); g = _mm_sub_ps(one, _mm_mul_ps(x, h))
#define PART(n, a, b, d) \
    const __m128 carried##n = _mm_loadu_ps(state + (n) * stride), source##n = _mm_add_ps(_mm_mul_ps(released, a), _mm_mul_ps(hardened, b)); \
    const __m128 d = _mm_add_ps(_mm_mul_ps(carried##n, g), _mm_mul_ps(source##n, h)); \
    _mm_storeu_ps(state + (n) * stride, _mm_sub_ps(_mm_add_ps(carried##n, source##n), _mm_mul_ps(x, d)))
    __m128 x = _mm_mul_ps(alpha, mass);
    __m128 h = _mm_add_ps(_mm_mul_ps(_mm_add_ps(_mm_mul_ps(w3, x), w2), _mm_mul_ps(x, x)), _mm_add_ps(_mm_mul_ps(w1, x), w0));
    __m128 g = _mm_sub_ps(one, _mm_mul_ps(x, h));
    for (int n = 0; n < halvings; n++) { DOUBLED; }
    PART(0, a1, b1, d1);
    h = _mm_add_ps(h, _mm_mul_ps(half, _mm_mul_ps(g, g)));
    g = _mm_sub_ps(one, _mm_mul_ps(x, h));
    const __m128 carried1 = _mm_loadu_ps(state + stride), source1 = _mm_add_ps(_mm_mul_ps(released, a2), _mm_mul_ps(hardened, b2));
    const __m128 d2 = _mm_add_ps(_mm_mul_ps(carried1, _mm_add_ps(g, g)), _mm_mul_ps(source1, h));
    _mm_storeu_ps(state + stride, _mm_sub_ps(_mm_add_ps(carried1, source1), _mm_mul_ps(x, d2)));
    x = _mm_mul_ps(beta, mass);
    h = _mm_add_ps(_mm_mul_ps(s1, x), s0);
    g = _mm_sub_ps(one, _mm_mul_ps(x, h));
    for (int n = 0; n < betaHalvings; n++) { DOUBLED; }
    PART(2, a3, b3, d3);
    _mm_storeu_ps(dose, _mm_add_ps(_mm_loadu_ps(dose), _mm_add_ps(_mm_add_ps(d1, d2), d3)));
  }
}

static void sweep(const Sweep *s, const Layout *l, float *states) {
  const Numbers n = s->n;
  const int32_t last = s->rowMoves[n.planes - 1], from = last > 0 ? -last : 0, to = from + n.rows + abs(last);
  for (int32_t line = from; line < to; line++) {
    memset(states, 0, 12 * (size_t)n.lines);
    int32_t first = INT32_MAX, end = INT32_MIN;
    for (int32_t k = 0; k < n.planes; k++) {
      const int32_t across = line + s->rowMoves[k];
      if (across < 0 || across >= n.rows) continue;
      const int32_t row = n.row0 + across * n.rowAcross + k * n.rowAlong, move = s->moves[k];
      if (l->extents[2 * row + 1] != 0) {
        if (l->extents[2 * row] - move < first) first = l->extents[2 * row] - move;
        if (l->extents[2 * row + 1] - move > end) end = l->extents[2 * row + 1] - move;
      }
      if (end <= first) continue;
      const int32_t x = (first + move > 0 ? first + move : 0) & ~3, endX = n.nx < end + move ? n.nx : end + move;
      if (x >= endX) continue;
      const float tilt = s->cone[9] + x * s->cone[10] + across * s->cone[11] + k * s->cone[12];
      float *state = states + (x - move + n.shift);
      const int64_t at = (int64_t)row * n.pitch + x;
      if (n.betaHalvings == 0 && n.halvings == 0) follow(s->cone, state, n.lines, l->voxels + 4 * at, l->dose + at, endX - x, tilt, 0, 0);
      else if (n.betaHalvings == 0 && n.halvings == 1) follow(s->cone, state, n.lines, l->voxels + 4 * at, l->dose + at, endX - x, tilt, 1, 0);
      else follow(s->cone, state, n.lines, l->voxels + 4 * at, l->dose + at, endX - x, tilt, n.halvings, n.betaHalvings);
    }
  }
}

static void *get(FILE *file, size_t bytes) {
  void *room = aligned_alloc(64, (bytes + 127) / 64 * 64);
  if (room == NULL || fread(room, 1, bytes, file) != bytes) exit(1);
  return room;
}

int main(int argc, char **argv) {
  FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) return 1;
  const int32_t *counts = get(file, 8);
  Layout *layouts = calloc(counts[0], sizeof(Layout));
  for (int n = 0; n < counts[0]; n++) {
    Layout *l = layouts + n;
    const int32_t *sizes = get(file, 8);
    l->length = sizes[0], l->rows = sizes[1];
    l->voxels = get(file, 16 * (size_t)l->length), l->extents = get(file, 8 * (size_t)l->rows), l->dose = aligned_alloc(64, 4 * (size_t)l->length + 64);
  }
  Sweep *sweeps = calloc(counts[1], sizeof(Sweep));
  int32_t lines = 0;
  for (int n = 0; n < counts[1]; n++) {
    Sweep *s = sweeps + n;
    s->n = *(Numbers *)get(file, sizeof(Numbers));
    memcpy(s->cone, get(file, sizeof s->cone), sizeof s->cone);
    s->moves = get(file, 8 * (size_t)s->n.planes), s->rowMoves = s->moves + s->n.planes;
    if (s->n.lines > lines) lines = s->n.lines;
  }
  float *states = aligned_alloc(64, 12 * (size_t)lines + 64);
  double best = 1e9, sum = 0;
  for (int run = 0; run < atoi(argv[2]); run++) {
    for (int n = 0; n < counts[0]; n++) memset(layouts[n].dose, 0, 4 * (size_t)layouts[n].length);
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (int n = 0; n < counts[1]; n++) sweep(sweeps + n, layouts + sweeps[n].n.layout, states);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    const double ms = (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) * 1e-6;
    if (ms < best) best = ms;
  }
  for (int n = 0; n < counts[0]; n++) for (int64_t i = 0; i < layouts[n].length; i++) sum += layouts[n].dose[i];
  printf("%f %f\n", best, sum);
  return 0;
}
