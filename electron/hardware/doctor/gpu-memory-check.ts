import type { DoctorCheck } from '../../../shared/contract/hardware.ts';
import type { GpuMemoryHolder } from '../vendors/nvidia-processes.ts';
import { check, gibibytes } from './check.ts';
import type { DoctorEvidence } from './evidence.ts';

/** A desktop's programs hold a few hundred MiB; more than this moves layers of a model to the CPU. */
const MUCH_BYTES = 512 * 2 ** 20;

const describe = ({ pid, name, usedBytes }: GpuMemoryHolder): string =>
  `${name ?? 'a program whose name is hidden'} (process ${pid}), ${
    usedBytes.value === null ? 'how much is not told' : gibibytes(usedBytes.value)
  }`;

/** Which other programs hold memory of the NVIDIA cards; no other driver tells. */
export const checkGpuMemory = ({
  facts,
  extra,
  gpuMemoryHolders,
}: DoctorEvidence): readonly DoctorCheck[] => {
  if (facts.nvidia.type !== 'cards') return [];
  const title = ['gpu-memory', 'GPU memory of others'] as const;
  if ('reason' in gpuMemoryHolders) return [check(title, 'note', `Unknown: ${gpuMemoryHolders.reason}`)];
  const others = gpuMemoryHolders.value.filter(({ pid }) => !extra.ownPids.includes(pid));
  if (others.length === 0) return [check(title, 'ok', 'No other program computes on the GPU')];
  const bytes = others.reduce((sum, { usedBytes }) => sum + (usedBytes.value ?? 0), 0);
  const found = `Held by ${others.map(describe).join('; ')}`;
  return bytes < MUCH_BYTES
    ? [check(title, 'note', found)]
    : [
        check(
          title,
          'warning',
          found,
          `End what you do not need before measuring: a model gets ${gibibytes(bytes)} less, and a GPU that computes for two is slower.`,
        ),
      ];
};
