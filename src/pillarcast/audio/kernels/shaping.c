/* The inner loops of mastering that make samples, or tell the limiter where: to the last bit the same on every machine.
 * So no product is rounded together with a sum, and no sum is taken in another order. See `measuring.c`. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "processors.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=off")
#else
#pragma STDC FP_CONTRACT OFF
#endif

/* The CRC-32 of the text that this was made of: a library that is older than its source is not used. */
uint32_t made_of(void) { return MADE_OF; }

/* Interleaved samples of 16 bits, `scale` being one step of them, channel by channel. */
FOR_ANY_CPU void apart(const int16_t *restrict in, ptrdiff_t length, int channels, float scale, float *restrict out)
{
    if (channels == 2) {
        for (ptrdiff_t at = 0; at < length; at++) {
            out[at] = (float)in[2 * at] * scale;
            out[length + at] = (float)in[2 * at + 1] * scale;
        }
        return;
    }
    for (int channel = 0; channel < channels; channel++)
        for (ptrdiff_t at = 0; at < length; at++)
            out[channel * length + at] = (float)in[at * channels + channel] * scale;
}

typedef float eight __attribute__((vector_size(32)));

/* The highest magnitude between the samples of each block of `size` (eight or more) that begins at one of `starts`.
 * `taps` are 24 rows of three: what the samples from 11 before to 12 after have in the three values that follow. */
FOR_ANY_CPU void between(const float *restrict pcm, ptrdiff_t stride, int channels, const int64_t *restrict starts, ptrdiff_t count,
             int size, const float *restrict taps, float *restrict tops)
{
    for (ptrdiff_t block = 0; block < count; block++) {
        float top = 0;
        for (int channel = 0; channel < channels; channel++) {
            const float *samples = pcm + channel * stride + starts[block] - 11;
            for (int at = 0; at < size; at += 8) {
                int first = at + 8 > size ? size - 8 : at;
                eight one = {0}, two = {0}, three = {0};
                for (int tap = 0; tap < 24; tap++) {
                    eight in;
                    memcpy(&in, samples + first + tap, sizeof in);
                    one += taps[3 * tap] * in;
                    two += taps[3 * tap + 1] * in;
                    three += taps[3 * tap + 2] * in;
                }
                for (int lane = 0; lane < 8; lane++) {
                    float a = one[lane] < 0 ? -one[lane] : one[lane];
                    float b = two[lane] < 0 ? -two[lane] : two[lane];
                    float c = three[lane] < 0 ? -three[lane] : three[lane];
                    a = b > a ? b : a;
                    a = c > a ? c : a;
                    top = a > top ? a : top;
                }
            }
        }
        tops[block] = top;
    }
}

static float larger(float a, float b) { return a > b ? a : b; }
static float smaller(float a, float b) { return a < b ? a : b; }

/* The limiter's gain at the edges of `count` cells, one more than cells, from their peaks: it goes down over `ahead`
 * cells before a peak, and comes back by the `release` + 1 values of `fade`. `work` has room for two floats a cell. */
void gain_edges(const float *restrict peaks, ptrdiff_t count, float ceiling, const float *restrict fade, int release,
                int ahead, float *restrict work, float *restrict edges)
{
    float *lasting = work, *dips = work + count;
    memset(lasting, 0, (size_t)count * sizeof *lasting);
    for (ptrdiff_t cell = 0; cell < count; cell++) {
        dips[cell] = 1 - smaller(1, ceiling / larger(peaks[cell], 1e-9f));
        if (dips[cell] > 0)
            for (ptrdiff_t age = 0; age <= release && cell + age < count; age++)
                lasting[cell + age] = larger(lasting[cell + age], dips[cell] * fade[age]);
    }
    for (ptrdiff_t cell = 0; cell < count; cell++)
        for (ptrdiff_t lead = 1; lead <= ahead && cell + lead < count; lead++)
            lasting[cell] = larger(lasting[cell], lasting[cell + lead]);
    for (ptrdiff_t cell = 0; cell < count; cell++) {
        float sum = 0;
        for (ptrdiff_t at = cell - ahead; at <= cell; at++)
            sum += lasting[at < 0 ? 0 : at];
        edges[cell + 1] = 1 - larger(sum / (float)(ahead + 1), dips[cell]);
    }
    edges[0] = edges[1];
    for (ptrdiff_t cell = 1; cell < count; cell++)
        edges[cell] = smaller(edges[cell], edges[cell + 1]);
}

/* Each cell of `size` samples times a line from the gain at its one edge to that at the other. */
FOR_ANY_CPU void attenuate(float *restrict pcm, ptrdiff_t stride, int channels, ptrdiff_t count, int size,
               const float *restrict edges)
{
    for (ptrdiff_t cell = 0; cell < count; cell++) {
        float from = edges[cell], to = edges[cell + 1];
        if (from >= 1 && to >= 1)
            continue;
        for (int channel = 0; channel < channels; channel++) {
            float *samples = pcm + channel * stride + cell * size;
            for (int at = 0; at < size; at++) {
                float share = (float)at / (float)size;
                samples[at] *= from * (1 - share) + to * share;
            }
        }
    }
}
