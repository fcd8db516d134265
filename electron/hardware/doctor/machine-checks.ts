import type { DoctorCheck } from '../../../shared/contract/hardware.ts';
import { RAPL_RECIPE } from '../sampling/rapl.ts';
import { lacksFastKernels } from '../vendors/cpu-features.ts';
import type { DoctorEvidence } from './evidence.ts';
import { check, gibibytes } from './check.ts';

/** docs/metrics.md, trust badge, amber: other load on the CPU, percent of a core per core. */
const MUCH_LOAD_PERCENT = 10;
const LITTLE_MEMORY_BYTES = 2 * 2 ** 30;

const checkCpu = ({ inventory }: DoctorEvidence): DoctorCheck => {
  const { cpu, os } = inventory;
  const kinds = cpu.performanceCores === null ? '' : `, ${cpu.performanceCores} of them fast`;
  const features = cpu.features.length === 0 ? 'unknown features' : cpu.features.join(' ');
  const found = `${cpu.model}: ${cpu.physicalCores} cores${kinds}, ${cpu.logicalCores} threads; ${features}`;
  return lacksFastKernels(os.arch, cpu.features)
    ? check(
        ['cpu', 'CPU'],
        'warning',
        found,
        "llama.cpp's fast kernels need AVX2 (x64) or NEON (ARM): expect a small part of the usual speed, or use a GPU. In a virtual machine, let it see the host's CPU (type `host`).",
      )
    : check(['cpu', 'CPU'], 'ok', found);
};

const checkLimits = ({ inventory, facts }: DoctorEvidence): readonly DoctorCheck[] => {
  const { cpu, memory } = inventory;
  const { memoryBytes } = facts.limits;
  const cpus =
    cpu.usableCores < cpu.logicalCores ? [`${cpu.usableCores} of ${cpu.logicalCores} logical CPUs`] : [];
  const bytes =
    memoryBytes !== null && memoryBytes < memory.totalBytes
      ? [`${gibibytes(memoryBytes)} of ${gibibytes(memory.totalBytes)} memory`]
      : [];
  if (cpus.length + bytes.length === 0)
    return [check(['limits', 'Limits'], 'ok', 'All CPUs and all memory may be used')];
  return [
    check(
      ['limits', 'Limits'],
      'note',
      `A container, batch system or CPU affinity lets Dyno use ${[...cpus, ...bytes].join(' and ')}`,
      'Raise the limit (docker: --cpus, --memory; systemd: CPUQuota=, MemoryMax=) to measure the whole machine.',
    ),
  ];
};

const checkMemory = ({ inventory, swapUsedBytes }: DoctorEvidence): readonly DoctorCheck[] => {
  const { totalBytes, availableBytes, kind, speedMtps, swapTotalBytes } = inventory.memory;
  const modules = [kind, speedMtps === null ? null : `${speedMtps} MT/s`]
    .filter((part) => part !== null)
    .join(' ');
  const found = `${gibibytes(totalBytes)}${modules === '' ? '' : ` ${modules}`}, ${gibibytes(availableBytes)} available`;
  const isTight = availableBytes < LITTLE_MEMORY_BYTES;
  const swap =
    swapTotalBytes === null
      ? check(['swap', 'Swap'], 'note', 'The swap space is unknown')
      : swapTotalBytes === 0
        ? check(['swap', 'Swap'], 'note', 'No swap: a model that does not fit is ended by the system at once')
        : (swapUsedBytes ?? 0) > 0.1 * totalBytes
          ? check(
              ['swap', 'Swap'],
              'warning',
              `${gibibytes(swapUsedBytes ?? 0)} of ${gibibytes(swapTotalBytes)} swap in use`,
              'Close programs before measuring: a model that touches swap is slower by orders of magnitude.',
            )
          : check(['swap', 'Swap'], 'ok', `${gibibytes(swapTotalBytes)} swap`);
  return [
    check(
      ['memory', 'Memory'],
      isTight ? 'warning' : 'ok',
      found,
      isTight ? 'Close programs, or choose a smaller model or context.' : null,
    ),
    swap,
  ];
};

const checkLoad = ({ otherLoadPercent }: DoctorEvidence): DoctorCheck => {
  const title = ['load', 'Other load'] as const;
  if ('reason' in otherLoadPercent) return check(title, 'note', `Unknown: ${otherLoadPercent.reason}`);
  const percent = otherLoadPercent.value;
  const found = `Other programs use ${percent.toFixed(0)} % of the CPU now`;
  if (percent <= MUCH_LOAD_PERCENT) return check(title, 'ok', found);
  return check(
    title,
    'warning',
    found,
    'Close them before measuring; results would be slower and would scatter.',
  );
};

const checkPower = ({ power }: DoctorEvidence): DoctorCheck => {
  const title = ['power', 'Power'] as const;
  const source =
    'reason' in power.source
      ? `power source unknown (${power.source.reason})`
      : `runs on ${power.source.value}`;
  const governor = 'reason' in power.governor ? '' : `, governor or plan ${power.governor.value}`;
  const found = `The computer ${source}${governor}`;
  if (power.source.value === 'battery')
    return check(
      title,
      'warning',
      found,
      'Plug the charger in before measuring: clocks are held down on battery.',
    );
  if (power.isPowerSaver.value === true)
    return check(
      title,
      'warning',
      `${found}, saving power`,
      'Switch to balanced or performance before measuring, e.g. `powerprofilesctl set performance`.',
    );
  return check(title, 'ok', found);
};

const checkEnergy = ({ facts }: DoctorEvidence): DoctorCheck => {
  const title = ['energy', 'CPU energy'] as const;
  if (facts.energyProblem === null)
    return check(title, 'ok', 'The energy counter of the CPU (RAPL) can be read');
  const isForbidden = facts.energyProblem.includes('root only');
  return check(
    title,
    'note',
    `No joules per token for the CPU: ${isForbidden ? 'its energy counter (RAPL) may be read by root only' : facts.energyProblem}`,
    isForbidden ? `Run \`${RAPL_RECIPE}\` (lasts until the next start; why root: CVE-2020-8694).` : null,
  );
};

/** What the machine is and how fit it is for measuring now. */
export const machineChecks = (evidence: DoctorEvidence): readonly DoctorCheck[] => [
  checkCpu(evidence),
  ...checkLimits(evidence),
  ...checkMemory(evidence),
  checkLoad(evidence),
  checkPower(evidence),
  checkEnergy(evidence),
];
