/**
 * The instruction sets that llama.cpp's CPU backend has kernels for, under its own names
 * (the `GGML_*` options of ggml's CMake file), by what each operating system calls them.
 */
const x86: Readonly<Record<string, readonly string[]>> = {
  sse3: ['pni', 'sse3'],
  ssse3: ['ssse3'],
  sse42: ['sse4_2', 'sse4.2'],
  avx: ['avx', 'avx1.0'],
  f16c: ['f16c'],
  fma: ['fma'],
  bmi2: ['bmi2'],
  avx2: ['avx2'],
  avx_vnni: ['avx_vnni'],
  avx512f: ['avx512f'],
  avx512_vbmi: ['avx512vbmi', 'avx512_vbmi'],
  avx512_vnni: ['avx512_vnni', 'avx512vnni'],
  avx512_bf16: ['avx512_bf16'],
  amx_tile: ['amx_tile'],
  amx_int8: ['amx_int8'],
  amx_bf16: ['amx_bf16'],
};

const arm: Readonly<Record<string, readonly string[]>> = {
  neon: ['asimd', 'neon', 'advsimd'],
  // macOS 11 has `neon_fp16` in place of FEAT_FP16
  fp16: ['asimdhp', 'feat_fp16', 'neon_fp16'],
  dotprod: ['asimddp', 'feat_dotprod'],
  bf16: ['bf16', 'feat_bf16'],
  i8mm: ['i8mm', 'feat_i8mm'],
  sve: ['sve'],
  sve2: ['sve2'],
  sme: ['sme', 'feat_sme'],
};

/** RISC-V's vector letter `v` stands inside the `isa` string: rv64imafdcv_zicbom. */
const hasRiscvVector = (flag: string): boolean => /^rv64[a-u]*v/.test(flag);

/**
 * The features of `flags` that matter for llama.cpp, in a fixed order from old to new.
 * @param flags /proc/cpuinfo flags, the feature names of macOS's sysctl, or names made from Windows's feature numbers.
 */
export const llamaFeatures = (flags: readonly string[]): string[] => {
  const present = new Set(flags.map((flag) => flag.toLowerCase()));
  const found = [...Object.entries(x86), ...Object.entries(arm)]
    .filter(([, names]) => names.some((name) => present.has(name)))
    .map(([feature]) => feature);
  return flags.some(hasRiscvVector) ? [...found, 'rvv'] : found;
};

/** What llama.cpp cannot do without at a usable speed: AVX2 on x86, NEON on ARM. */
export const lacksFastKernels = (arch: string, features: readonly string[]): boolean =>
  (arch === 'x64' && !features.includes('avx2')) || (arch === 'arm64' && !features.includes('neon'));
