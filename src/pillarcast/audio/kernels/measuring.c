/* The inner loops of mastering that measure. `native.py` calls them, `plain.py` says the same in numpy.
 *
 * Samples are floats with a full scale of 1, each channel in a row; a `stride` counts floats between channels. Nothing is
 * allocated, kept or read beyond what is handed over, so threads need not wait for each other. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "processors.h"

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

typedef double four __attribute__((vector_size(32)));

/* Hops from silence after which the slowest of the filters, a high-pass at 38 Hz, is where it would be: e^-48. */
enum { WARMING = 2, KEPT = 6 };

/* The energy of each hop of two channels, both together, behind two sections of a filter (b0 b1 b2 a1 a2 each). A
 * section is y[n] = b0 x[n] + s[n], s[n+1] = (b1 - a1 b0) x[n] + (b2 - a2 b0) x[n-1] - a2 s[n-1] - a1 s[n]: from one
 * state to the next it is a single product. Two places in the sound are worked on at once, so that less waits for the
 * sample before: the later begins early, from silence, and ends where all ends. `state` holds six values a channel: s
 * at two samples and x at one, by the section. What fades towards nothing is ended between hops, long before it is too
 * small to be worked with at full speed. */
FOR_ANY_CPU void weigh(const float *restrict left, const float *restrict right, ptrdiff_t count, int size,
                       const double *restrict by, double *restrict state, double *restrict energies)
{
    const double p0 = by[0], p1 = by[1] - by[3] * by[0], p2 = by[2] - by[4] * by[0], pa1 = by[3], pa2 = by[4];
    const double q0 = by[5], q1 = by[6] - by[8] * by[5], q2 = by[7] - by[9] * by[5], qa1 = by[8], qa2 = by[9];
    const ptrdiff_t later = (count + WARMING) / 2, skipped = later > WARMING ? later - WARMING : 0;
    four kept[KEPT];
    for (int of = 0; of < KEPT; of++) {
        const double *was = state + 2 * of;
        kept[of] = (four){was[0], was[1], skipped ? 0 : was[0], skipped ? 0 : was[1]};
    }
    for (ptrdiff_t hop = 0; hop < count - skipped; hop++) {
        four s = kept[0], s_was = kept[1], x_was = kept[2], t = kept[3], t_was = kept[4], y_was = kept[5];
        four energy = {0, 0, 0, 0};
        for (ptrdiff_t at = hop * size, off = at + skipped * size; at < (hop + 1) * size; at++, off++) {
            four x = {left[at], right[at], left[off], right[off]};
            four y = p0 * x + s, z = q0 * y + t;
            four s_next = (p1 * x + p2 * x_was - pa2 * s_was) - pa1 * s;
            four t_next = (q1 * y + q2 * y_was - qa2 * t_was) - qa1 * t;
            s_was = s, s = s_next, x_was = x, t_was = t, t = t_next, y_was = y;
            energy += z * z;
        }
        if (hop < later)
            energies[hop] = energy[0] + energy[1];
        if (hop + skipped >= later)
            energies[hop + skipped] = energy[2] + energy[3];
        four now[KEPT] = {s, s_was, x_was, t, t_was, y_was};
        for (int lane = 0; lane < 4; lane++) {
            double power = 0;
            for (int of = 0; of < KEPT; of++)
                power += now[of][lane] * now[of][lane];
            for (int of = 0; of < KEPT; of++)
                kept[of][lane] = power < 1e-200 ? 0 : now[of][lane];
        }
    }
    for (int of = 0; of < KEPT; of++)
        state[2 * of] = kept[of][2], state[2 * of + 1] = kept[of][3];
}
