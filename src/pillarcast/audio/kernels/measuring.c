/* The inner loops of mastering that measure. `native.py` calls them, `plain.py` says the same in numpy.
 *
 * Samples are floats with a full scale of 1, each channel in a row; a `stride` counts floats between channels. Nothing is
 * allocated, kept or read beyond what is handed over, so threads need not wait for each other. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* One form for each generation of processors; the loader takes the one that fits. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_ANY_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_ANY_CPU
#endif

/* For each cell of `size` samples its highest magnitude over all channels, NaN where one is in it, and by channel the
 * sum of its samples and of their squares. Without their sign the bits of floats are in the order of magnitudes, and
 * those of NaN come last. */
FOR_ANY_CPU void cells(const float *restrict pcm, ptrdiff_t stride, int channels, ptrdiff_t count, int size,
                       float *restrict peaks, float *restrict sums, float *restrict squares)
{
    memset(peaks, 0, (size_t)count * sizeof *peaks);
    for (int channel = 0; channel < channels; channel++)
        for (ptrdiff_t cell = 0; cell < count; cell++) {
            const float *samples = pcm + channel * stride + cell * size;
            uint32_t top;
            float sum = 0, square = 0;
            memcpy(&top, peaks + cell, sizeof top);
#pragma omp simd reduction(max : top) reduction(+ : sum, square)
            for (int at = 0; at < size; at++) {
                uint32_t bits;
                memcpy(&bits, samples + at, sizeof bits);
                bits &= 0x7fffffffu;
                top = bits > top ? bits : top;
                sum += samples[at];
                square += samples[at] * samples[at];
            }
            memcpy(peaks + cell, &top, sizeof top);
            sums[channel * count + cell] = sum;
            squares[channel * count + cell] = square;
        }
}

/* The sum over each hop of left times right. */
FOR_ANY_CPU void cross(const float *restrict left, const float *restrict right, ptrdiff_t count, int size,
                       float *restrict out)
{
    for (ptrdiff_t hop = 0; hop < count; hop++) {
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int at = 0; at < size; at++)
            sum += left[hop * size + at] * right[hop * size + at];
        out[hop] = sum;
    }
}

typedef double pair __attribute__((vector_size(16)));

/* The energy of each hop of two channels, both together, behind two sections of a filter (b0 b1 b2 a1 a2 each) in
 * transposed direct form II. A state goes into the next one by a single product, so that a sample need not wait for
 * more than that of the one before. `state` holds four pairs. What fades towards nothing is ended between hops, long
 * before it is too small to be worked with at full speed. */
FOR_ANY_CPU void weigh(const float *restrict left, const float *restrict right, ptrdiff_t count, int size,
                       const double *restrict by, double *restrict state, double *restrict energies)
{
    const double p0 = by[0], p1 = by[1] - by[3] * by[0], p2 = by[2] - by[4] * by[0], pa1 = by[3], pa2 = by[4];
    const double q0 = by[5], q1 = by[6] - by[8] * by[5], q2 = by[7] - by[9] * by[5], qa1 = by[8], qa2 = by[9];
    pair a = {state[0], state[1]}, b = {state[2], state[3]}, c = {state[4], state[5]}, d = {state[6], state[7]};
    for (ptrdiff_t hop = 0; hop < count; hop++) {
        pair energy = {0, 0};
        for (ptrdiff_t at = hop * size; at < (hop + 1) * size; at++) {
            pair in = {left[at], right[at]}, was_a = a, was_c = c;
            pair between = p0 * in + was_a;
            pair out = q0 * between + was_c;
            a = (p1 * in + b) - pa1 * was_a;
            b = p2 * in - pa2 * was_a;
            c = (q1 * between + d) - qa1 * was_c;
            d = q2 * between - qa2 * was_c;
            energy += out * out;
        }
        energies[hop] = energy[0] + energy[1];
        for (int lane = 0; lane < 2; lane++)
            if (a[lane] * a[lane] + b[lane] * b[lane] + c[lane] * c[lane] + d[lane] * d[lane] < 1e-200)
                a[lane] = b[lane] = c[lane] = d[lane] = 0;
    }
    for (int lane = 0; lane < 2; lane++)
        state[lane] = a[lane], state[2 + lane] = b[lane], state[4 + lane] = c[lane], state[6 + lane] = d[lane];
}
