// Marks functions that run on the CPU and, when nvcc compiles them, on the GPU too.
#pragma once

#if defined(__CUDACC__)
#define MASKSCOPE_HD __host__ __device__
#define MASKSCOPE_ROLLED _Pragma("unroll 1")
#else
#define MASKSCOPE_HD
#define MASKSCOPE_ROLLED
#endif
