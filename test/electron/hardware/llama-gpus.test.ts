import { describe, expect, it } from 'vitest';
import { withLlamaDevices } from '../../../electron/hardware/llama-gpus.ts';
import type { Gpu, Inventory } from '../../../shared/contract/hardware.ts';
import { deviceProbe } from '../../support/machine-facts.ts';

const arc: Gpu = {
  id: 'intel:0000:03:00.0',
  vendor: 'intel',
  name: 'Intel Arc B580',
  totalMemoryBytes: null,
  freeMemoryBytes: null,
  driver: 'xe',
  isUnified: false,
  source: 'sysfs',
};
const llama = (backend: string, deviceNames: readonly string[]): Inventory['llama'] => ({
  ...deviceProbe(),
  backend,
  supportedBackends: [backend],
  deviceNames: [...deviceNames],
  vram: { totalBytes: 12e9, usedBytes: 1e9, freeBytes: 11e9 },
});

describe('what llama.cpp knows of GPUs', () => {
  it('fills in the memory of a single GPU whose driver does not tell it', () => {
    expect(withLlamaDevices([arc], llama('vulkan', ['Intel Arc']))).toEqual([
      { ...arc, totalMemoryBytes: 12e9, freeMemoryBytes: 11e9, source: 'sysfs, memory from llama.cpp' },
    ]);
  });

  it('lists devices the system does not show', () => {
    expect(withLlamaDevices([], llama('vulkan', ['Mali-G610']))).toMatchObject([
      { id: 'other:0', name: 'Mali-G610', totalMemoryBytes: 12e9, source: 'llama.cpp' },
    ]);
    expect(withLlamaDevices([], llama('vulkan', ['A', 'B']))).toMatchObject([
      { totalMemoryBytes: null },
      { totalMemoryBytes: null },
    ]);
  });

  it('changes nothing with several GPUs, known memory, or the CPU backend', () => {
    const known = { ...arc, totalMemoryBytes: 1 };
    expect(withLlamaDevices([arc, known], llama('vulkan', ['a']))).toEqual([arc, known]);
    expect(withLlamaDevices([known], llama('vulkan', ['a']))).toEqual([known]);
    expect(withLlamaDevices([arc], llama('cpu', []))).toEqual([arc]);
    expect(withLlamaDevices([arc], null)).toEqual([arc]);
  });
});
