// The peer of assembly/pencil-beam.ts that keeps every bixel's dose: a sparse matrix by columns, float and int32, in one thread.
// Takes columns, rows, nonzeros and the length of a run of neighboring rows; prints the milliseconds of the product with weights
// and of the transposed product with a gradient, the nonzeros that found room, and their megabytes. Values and places are made up: time
// depends on how many there are and on how they lie alone.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double nowMs(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}

static uint32_t state = 1;
static uint32_t chance(uint32_t below) {
  state = state * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)state * below) >> 32);
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  const int columns = atoi(argv[1]), rows = atoi(argv[2]), run = atoi(argv[4]);
  const long long asked = atoll(argv[3]);
  long runs = (long)(asked / columns / run);
  float *values = NULL;
  int32_t *places = NULL;
  for (; runs > 0; runs /= 2) {
    const size_t count = (size_t)columns * runs * run;
    values = malloc(count * sizeof(float));
    places = malloc(count * sizeof(int32_t));
    if (values && places) break;
    free(values);
    free(places);
  }
  if (runs == 0) return 1;
  const size_t perColumn = (size_t)runs * run, count = columns * perColumn;
  const uint32_t apart = (uint32_t)((rows - run) / runs);
  for (int c = 0; c < columns; c++) for (long r = 0; r < runs; r++) {
    const int32_t first = (int32_t)(r * apart + chance(apart > (uint32_t)run ? apart - run + 1 : 1));
    const size_t at = c * perColumn + (size_t)r * run;
    for (int i = 0; i < run; i++) {
      places[at + i] = first + i;
      values[at + i] = 1e-3f * (1 + chance(1000));
    }
  }
  float *weights = malloc(columns * sizeof(float)), *back = malloc(columns * sizeof(float));
  float *dose = malloc(rows * sizeof(float)), *gradient = malloc(rows * sizeof(float));
  for (int c = 0; c < columns; c++) weights[c] = 1 + 1e-3f * chance(1000);
  for (int v = 0; v < rows; v++) gradient[v] = 1e-3f * chance(1000);
  double forward = 1e300, adjoint = 1e300;
  for (int time = 0; time < 7; time++) {
    double start = nowMs();
    memset(dose, 0, rows * sizeof(float));
    for (int c = 0; c < columns; c++) {
      const float *value = values + c * perColumn, weight = weights[c];
      const int32_t *place = places + c * perColumn;
      for (size_t k = 0; k < perColumn; k++) dose[place[k]] += weight * value[k];
    }
    double took = nowMs() - start;
    if (took < forward) forward = took;
    start = nowMs();
    for (int c = 0; c < columns; c++) {
      const float *value = values + c * perColumn;
      const int32_t *place = places + c * perColumn;
      float sums[4] = {0, 0, 0, 0};
      size_t k = 0;
      for (; k + 4 <= perColumn; k += 4) for (int i = 0; i < 4; i++) sums[i] += value[k + i] * gradient[place[k + i]];
      for (; k < perColumn; k++) sums[0] += value[k] * gradient[place[k]];
      back[c] = sums[0] + sums[1] + sums[2] + sums[3];
    }
    took = nowMs() - start;
    if (took < adjoint) adjoint = took;
  }
  double sum = 0;
  for (int v = 0; v < rows; v++) sum += dose[v];
  for (int c = 0; c < columns; c++) sum += back[c];
  printf("%.2f %.2f %zu %.0f\n", forward, adjoint, count, count * 8 / 1e6);
  return sum > 0 ? 0 : 1;
}
