import { describe, expect, it } from 'vitest';
import type { DoctorCheck, Gpu } from '../../../../shared/contract/hardware.ts';
import type { DoctorEvidence } from '../../../../electron/hardware/doctor/evidence.ts';
import { gpuChecks } from '../../../../electron/hardware/doctor/gpu-checks.ts';
import { machineChecks } from '../../../../electron/hardware/doctor/machine-checks.ts';
import { programChecks } from '../../../../electron/hardware/doctor/program-checks.ts';
import type { MachineFacts } from '../../../../electron/hardware/facts/machine-facts.ts';
import { parseNvidiaProcesses } from '../../../../electron/hardware/vendors/nvidia-processes.ts';
import { known } from '../../../../electron/hardware/reading.ts';
import type { DeviceProbe } from '../../../../electron/models/inspector.ts';
import { recording } from '../../../support/hardware-fixtures.ts';
import { deviceProbe, machineFacts } from '../../../support/machine-facts.ts';

const evidence = (
  changes: Partial<Omit<DoctorEvidence, 'inventory' | 'facts'>> & {
    readonly facts?: Partial<MachineFacts>;
    readonly llama?: Partial<DeviceProbe> | null;
  } = {},
): DoctorEvidence => {
  const { facts: factChanges, llama, ...rest } = changes;
  const facts = machineFacts(factChanges);
  const probe = deviceProbe(llama ?? {});
  return {
    facts,
    inventory: {
      takenAtMs: 0,
      os: facts.os,
      cpu: facts.cpu,
      memory: facts.memory,
      gpus: facts.gpus,
      llama:
        llama === null
          ? null
          : {
              ...probe,
              supportedBackends: [...probe.supportedBackends],
              deviceNames: [...probe.deviceNames],
            },
      llamaProblem: llama === null ? 'Illegal instruction.' : null,
    },
    extra: { dataFolder: '/data', electronPath: '/electron', browserPath: '/usr/bin/chromium', ownPids: [] },
    nodeVersion: '24.21.0',
    electronVersion: undefined,
    power: {
      source: known('mains', 'test'),
      governor: known('performance', 'test'),
      isPowerSaver: known(false, 'test'),
    },
    otherLoadPercent: known(1, 'test'),
    swapUsedBytes: 0,
    gpuMemoryHolders: known([], 'test'),
    freeDiskBytes: 100 * 2 ** 30,
    dataFolderProblem: null,
    libraries: new Set(['libvulkan.so.1']),
    vulkanDrivers: ['radeon'],
    closedRenderNodes: [],
    ...rest,
  };
};

const all = (given: DoctorEvidence): readonly DoctorCheck[] => [
  ...programChecks(given),
  ...machineChecks(given),
  ...gpuChecks(given),
];
const find = (given: DoctorEvidence, id: string): DoctorCheck | undefined =>
  all(given).find((each) => each.id === id);

const nvidia: Gpu = {
  id: 'nvidia:GPU-1',
  vendor: 'nvidia',
  name: 'NVIDIA RTX 4090',
  totalMemoryBytes: 24 * 2 ** 30,
  freeMemoryBytes: 23 * 2 ** 30,
  driver: '580.95.05',
  isUnified: false,
  source: 'nvidia-smi',
};
const amd: Gpu = {
  ...nvidia,
  id: 'amd:1',
  vendor: 'amd',
  name: 'AMD RX 7900 XTX',
  driver: 'amdgpu',
  source: 'sysfs',
};

describe('the doctor', () => {
  it('is content with a healthy machine, and asks nothing of its user', () => {
    const checks = all(
      evidence({
        facts: { gpus: [nvidia], nvidia: { type: 'cards' } },
        llama: { backend: 'cuda', deviceNames: ['NVIDIA RTX 4090'] },
      }),
    );
    expect(checks.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(checks.filter(({ fix }) => fix !== null)).toEqual([]);
  });

  it('has a next step for every problem and every warning', () => {
    const sick = evidence({
      nodeVersion: '20.11.0',
      dataFolderProblem: 'Access denied: /data',
      freeDiskBytes: 2 ** 29,
      otherLoadPercent: known(45, 'test'),
      swapUsedBytes: 7 * 2 ** 30,
      power: {
        source: known('battery', 't'),
        governor: known('powersave', 't'),
        isPowerSaver: known(true, 't'),
      },
      facts: {
        cpu: { ...machineFacts().cpu, features: ['avx'] },
        memory: { ...machineFacts().memory, availableBytes: 2 ** 30 },
        gpus: [{ ...amd, driver: null }],
      },
      llama: null,
    });
    const bad = all(sick).filter(({ level }) => level === 'problem' || level === 'warning');
    expect(bad.map(({ id }) => id)).toEqual([
      'node',
      'data-folder',
      'disk',
      'cpu',
      'memory',
      'swap',
      'load',
      'power',
      'gpu-amd:1',
      'llama',
    ]);
    expect(bad.filter(({ fix }) => fix === null)).toEqual([]);
  });

  it('tells a container its limits', () => {
    const found = find(
      evidence({
        facts: {
          cpu: { ...machineFacts().cpu, usableCores: 4 },
          limits: { cpus: 4, memoryBytes: 8 * 2 ** 30 },
        },
      }),
      'limits',
    );
    expect(found).toMatchObject({
      level: 'note',
      found:
        'A container, batch system or CPU affinity lets Dyno use 4 of 32 logical CPUs and 8.00 GiB of 64.0 GiB memory',
    });
  });

  it('gives the recipe for the energy counter', () => {
    const forbidden = find(
      evidence({ facts: { energyProblem: 'may be read by root only; allow it' } }),
      'energy',
    );
    expect(forbidden?.fix).toContain('sudo chmod -R a+r /sys/class/powercap/intel-rapl*');
    expect(find(evidence({ facts: { energyProblem: 'this machine has none' } }), 'energy')?.fix).toBeNull();
  });
});

describe('an NVIDIA card that llama.cpp does not use', () => {
  const withCard = (changes: Partial<DoctorEvidence>, card: Gpu = nvidia, backend = 'cpu') =>
    find(
      evidence({ ...changes, facts: { gpus: [card], nvidia: { type: 'cards' } }, llama: { backend } }),
      'backend',
    );

  it('needs a newer driver', () => {
    expect(withCard({}, { ...nvidia, driver: '550.127.08' })).toMatchObject({
      level: 'problem',
      found:
        'NVIDIA RTX 4090 is there, but llama.cpp uses cpu: driver 550.127.08 is older than CUDA 13 needs',
      fix: "Install NVIDIA's driver 580 or newer, and restart.",
    });
  });

  it('needs the libraries of CUDA 13', () => {
    const found = withCard({ libraries: new Set(['libcublas.so.13', 'libvulkan.so.1']) });
    expect(found?.found).toBe('NVIDIA RTX 4090 is there, but llama.cpp uses cpu: libcudart.so.13 is missing');
    expect(found?.fix).toContain('cuda-cudart-13-0');
  });

  it('or is used through Vulkan, which is a note', () => {
    expect(withCard({ libraries: new Set() }, nvidia, 'vulkan')).toMatchObject({ level: 'note' });
  });

  it('has no driver at all', () => {
    const bare: Gpu = { ...nvidia, id: 'nvidia:0', driver: 'nouveau (Linux 6.12)', source: 'sysfs' };
    expect(find(evidence({ facts: { gpus: [bare] } }), 'gpu-nvidia:0')).toMatchObject({
      level: 'problem',
      fix: "Install NVIDIA's driver, version 580 or newer, and restart.",
    });
  });

  it('has a driver that does not answer', () => {
    const failed = { type: 'failed', found: 'Version mismatch.', fix: 'Restart the computer.' } as const;
    expect(
      find(
        evidence({ facts: { gpus: [{ ...nvidia, source: 'sysfs' }], nvidia: failed } }),
        'gpu-nvidia:GPU-1',
      ),
    ).toMatchObject({
      level: 'problem',
      found: 'NVIDIA RTX 4090: Version mismatch.',
      fix: 'Restart the computer.',
    });
  });
});

describe('memory of an NVIDIA card', () => {
  const found = (csv: string, ownPids: readonly number[] = []) => {
    const given = evidence({
      facts: { gpus: [nvidia], nvidia: { type: 'cards' } },
      gpuMemoryHolders: known(parseNvidiaProcesses(csv), 'test'),
    });
    return find({ ...given, extra: { ...given.extra, ownPids } }, 'gpu-memory');
  };

  it('that another program holds is named with the program, as on a DGX Spark', () => {
    const csv = recording('recorded/nvidia-compute-apps.csv');
    expect(found(csv)).toMatchObject({
      level: 'warning',
      found: 'Held by python (process 114687), 18.7 GiB',
      fix: 'End what you do not need before measuring: a model gets 18.7 GiB less, and a GPU that computes for two is slower.',
    });
    expect(found(csv, [114_687])).toMatchObject({ level: 'ok' });
  });

  it('is said to be hidden where the driver hides it', () => {
    expect(found('GPU-1, 524, [Insufficient Permissions], [N/A]\n')).toMatchObject({
      level: 'note',
      found: 'Held by a program whose name is hidden (process 524), how much is not told',
    });
    expect(found('GPU-1, 7, C:\\Games\\a, b.exe, 12 MiB\n')?.found).toBe(
      'Held by a, b.exe (process 7), 0.0117 GiB',
    );
  });

  it('is not looked for without such a card', () => {
    expect(find(evidence({ facts: { gpus: [amd] } }), 'gpu-memory')).toBeUndefined();
  });
});

describe('a Jetson', () => {
  it('has a driver though nvidia-smi tells N/A for its version (OE4T/linux-tegra-5.10#17)', () => {
    const orin: Gpu = { ...nvidia, id: 'nvidia:0', name: 'Orin (nvgpu)', driver: null, isUnified: true };
    const check = find(evidence({ facts: { gpus: [orin] } }), 'gpu-nvidia:0');
    expect(check?.level).toBe('ok');
    expect(check?.found).toContain('a driver that tells no version');
  });
});

describe('an AMD or Intel card that llama.cpp does not use', () => {
  const reasonOf = (changes: Partial<DoctorEvidence>) =>
    find(evidence({ ...changes, facts: { gpus: [amd] } }), 'backend');

  it('is closed to this user, or lacks the loader or a driver', () => {
    expect(reasonOf({ closedRenderNodes: ['/dev/dri/renderD128'] })?.fix).toContain(
      'usermod -aG render,video',
    );
    expect(reasonOf({ libraries: new Set() })?.found).toContain(
      'the Vulkan loader (libvulkan.so.1) is missing',
    );
    expect(reasonOf({ vulkanDrivers: [] })?.found).toContain('no Vulkan driver is installed');
    expect(reasonOf({})).toMatchObject({ level: 'warning' });
  });

  it('is used once Vulkan works', () => {
    const found = find(evidence({ facts: { gpus: [amd] }, llama: { backend: 'vulkan' } }), 'backend');
    expect(found).toMatchObject({
      level: 'ok',
      found: 'llama.cpp computes on AMD RX 7900 XTX through vulkan',
    });
  });
});

describe('a Mac', () => {
  const apple: Gpu = {
    ...nvidia,
    id: 'apple:0',
    vendor: 'apple',
    name: 'Apple M4',
    source: 'ioreg',
    isUnified: true,
  };
  const arm = { platform: 'darwin', name: 'macOS 26', release: '25.0', arch: 'arm64' };

  it('computes through Metal, or runs under Rosetta', () => {
    const withBackend = (backend: string) =>
      find(evidence({ libraries: null, facts: { os: arm, gpus: [apple] }, llama: { backend } }), 'backend');
    expect(withBackend('metal')?.level).toBe('ok');
    expect(withBackend('cpu')?.fix).toMatch(/Rosetta/);
  });
});
