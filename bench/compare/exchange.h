/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One result in formats that other people's programs read. Only figures that mean something: none of
 * emulated machines or engines, and a software engine is named so.
 */
#ifndef DMABENCH_EXCHANGE_H
#define DMABENCH_EXCHANGE_H

#include <jansson.h>
#include <stdio.h>

/*
 * Bencher Metric Format: {case: {measure: {value, lower_value, upper_value}}}. Measures: "latency" in
 * ns, "bytes-per-second" of copies, "instructions" where these are counted.
 */
void exchange_bmf(const json_t *result, FILE *to);

/*
 * What Google Benchmark's --benchmark_format=json prints: each launch a repetition, and the median
 * over them; a failed case as an error. Counted instructions aren't in it: all of it is times.
 */
void exchange_google_benchmark(const json_t *result, FILE *to);

#endif
