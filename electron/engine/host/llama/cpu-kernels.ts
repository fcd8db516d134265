import type { Llama } from 'node-llama-cpp';
import type { CpuKernels } from './copied-weights.ts';

/** The kernels weights are laid out for; with a GPU, its own. */
export const kernelsOf = (llama: Pick<Llama, 'gpu' | 'systemInfo'>): CpuKernels | 'gpu' =>
  llama.gpu === false ? { arch: process.arch, hasAmx: llama.systemInfo.includes('AMX_INT8 = 1') } : 'gpu';
