// Run-time dispatch on x86-64: a function marked MASKSCOPE_CPU_CLONES is compiled a second time for AVX2, chosen
// when the program starts. There is no FMA in either, so the bits are the same. (The choice is made before a
// sanitizer's runtime is ready, so sanitizer builds go without.)
#pragma once

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define MASKSCOPE_CPU_CLONES [[gnu::target_clones("avx2", "default"), gnu::flatten]]
#define MASKSCOPE_HAS_CPU_CLONES 1
#else
#define MASKSCOPE_CPU_CLONES
#define MASKSCOPE_HAS_CPU_CLONES 0
#endif
