/** How llama.cpp, ggml, CUDA, Vulkan, Metal and node-llama-cpp say that memory ran out. */
const words =
  /out of memory|insufficient memory|not enough (memory|vram|ram)|failed to allocate|unable to allocate|cannot allocate|bad_alloc|OutOfDeviceMemory|OutOfHostMemory|too large (to fit|for the available)/i;

/** The last line that says so; `undefined` when none does. */
export const findMemoryShortage = (lines: readonly string[]): string | undefined =>
  lines.findLast((line) => words.test(line));
