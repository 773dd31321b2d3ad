/* One form for each generation of processors; the loader takes the one that fits. Tests ask for a single one. */
#ifndef FOR_ANY_CPU
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_ANY_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_ANY_CPU
#endif
#endif
