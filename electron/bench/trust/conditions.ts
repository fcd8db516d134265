import type { CellConditions } from '../../../shared/contract/conditions.ts';
import { above, percent, type TrustReason } from './reason.ts';

/** More of the sampler than this on one core would be a load of its own. */
const samplerLimit = 0.05;

/** What the machine did beside the measurement. Thresholds: docs/metrics.md, "Trust". */
export const conditionReasons = (conditions: CellConditions): readonly TrustReason[] => [
  ...above(
    'foreign-cpu-during',
    conditions.foreignCpuPercent,
    { amber: 10, red: 30 },
    (value) => `Other programs used ${Math.round(value)} % of the processor while it was measured.`,
  ),
  // the engine's own threads wait for each other on a full machine, so pressure on the CPU alone is no reason
  ...above(
    'memory-pressure',
    conditions.memoryPressurePercent,
    { amber: 1, red: 10 },
    (value) => `Programs waited for memory in ${percent(value / 100)} of the time (pressure stall).`,
  ),
  ...above(
    'io-pressure',
    conditions.ioPressurePercent,
    { amber: 5, red: 20 },
    (value) => `Programs waited for the disk in ${percent(value / 100)} of the time (pressure stall).`,
  ),
  ...above(
    'sampler',
    conditions.samplerCpuShare,
    { amber: samplerLimit, red: Infinity },
    (share) => `Watching the machine itself took ${percent(share)} of one core.`,
  ),
  // a sensor that never answered says nothing against the speed; one that fell silent left a part unwatched
  ...conditions.energy
    .filter(({ cause }) => cause === 'interrupted')
    .map(({ device, reason, perToken, repetitions }) => ({
      level: 'amber' as const,
      signal: 'energy',
      message: `The energy of the ${device} is ${perToken === null ? 'not known' : `known in ${perToken.n} of ${repetitions.length} repetitions only`}: ${reason ?? 'its sensor was interrupted'}.`,
    })),
];
