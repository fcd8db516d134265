import type { DoctorCheck, Gpu } from '../../../shared/contract/hardware.ts';
import type { DoctorEvidence } from './evidence.ts';
import { check, gibibytes } from './check.ts';
import { checkGpuMemory } from './gpu-memory-check.ts';

/** The CUDA backend that node-llama-cpp ships is built with CUDA 13, which needs this driver and these libraries. */
const CUDA_DRIVER_MAJOR = 580;
const cudaLibraries = ['libcudart.so.13', 'libcublas.so.13'] as const;
const VULKAN_LOADER = 'libvulkan.so.1';
const INSTALL_VULKAN =
  'Install the Vulkan loader and a driver (Debian, Ubuntu: libvulkan1 mesa-vulkan-drivers; Fedora: vulkan-loader mesa-vulkan-drivers), then start Dyno anew.';

/** A driver that answers nvidia-smi without a version is there: a Jetson's writes N/A in its place. */
const hasDriver = (gpu: Gpu): boolean => gpu.driver !== null || gpu.source === 'nvidia-smi';

const describeDriver = (gpu: Gpu): string =>
  gpu.driver === null
    ? hasDriver(gpu)
      ? 'a driver that tells no version'
      : 'no driver'
    : `driver ${gpu.driver}`;

const describe = (gpu: Gpu): string => {
  const memory =
    gpu.totalMemoryBytes === null
      ? 'memory unknown'
      : `${gibibytes(gpu.totalMemoryBytes)}${gpu.isUnified ? ' shared with the system' : ''}`;
  const free = gpu.freeMemoryBytes === null ? '' : `, ${gibibytes(gpu.freeMemoryBytes)} free`;
  return `${gpu.name}: ${memory}${free}; ${describeDriver(gpu)}`;
};

const checkGpu = (gpu: Gpu, evidence: DoctorEvidence): DoctorCheck => {
  const title = [`gpu-${gpu.id}`, 'GPU'] as const;
  const { nvidia } = evidence.facts;
  if (gpu.vendor === 'nvidia' && nvidia.type === 'failed')
    return check(title, 'problem', `${gpu.name}: ${nvidia.found}`, nvidia.fix);
  if (gpu.vendor === 'nvidia' && gpu.source !== 'nvidia-smi' && nvidia.type === 'not-installed')
    return check(
      title,
      'problem',
      `${gpu.name}: ${gpu.driver === null ? 'no driver' : `driver ${gpu.driver}, which cannot compute`}`,
      `Install NVIDIA's driver, version ${CUDA_DRIVER_MAJOR} or newer, and restart.`,
    );
  if (!hasDriver(gpu))
    return check(title, 'problem', describe(gpu), "Install the driver of the card's maker, and restart.");
  return check(title, 'ok', describe(gpu));
};

const missingCuda = (libraries: ReadonlySet<string> | null): readonly string[] =>
  libraries === null ? [] : cudaLibraries.filter((name) => !libraries.has(name));

/** Why llama.cpp does not use CUDA on a machine with a working NVIDIA driver, and the way out. */
const explainNvidia = (gpu: Gpu, { libraries }: DoctorEvidence): readonly [found: string, fix: string] => {
  const major = Number(gpu.driver?.split('.')[0]);
  if (major < CUDA_DRIVER_MAJOR)
    return [
      `driver ${gpu.driver ?? ''} is older than CUDA 13 needs`,
      `Install NVIDIA's driver ${CUDA_DRIVER_MAJOR} or newer, and restart.`,
    ];
  const missing = missingCuda(libraries);
  if (missing.length > 0)
    return [
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`,
      "Install CUDA 13's runtime libraries from NVIDIA's package source (Debian, Ubuntu: cuda-cudart-13-0 libcublas-13-0), then start Dyno anew.",
    ];
  return ['the reason is not known', 'Run `dyno doctor --json` and look at the log of the device probe.'];
};

const checkNvidiaBackend = (gpu: Gpu, evidence: DoctorEvidence, backend: string): DoctorCheck => {
  const title = ['backend', 'llama.cpp and GPU'] as const;
  if (backend === 'cuda') return check(title, 'ok', `llama.cpp computes on ${gpu.name} through CUDA`);
  const [reason, fix] = explainNvidia(gpu, evidence);
  return backend === 'vulkan'
    ? check(
        title,
        'note',
        `llama.cpp uses ${gpu.name} through Vulkan; CUDA is usually faster: ${reason}`,
        fix,
      )
    : check(title, 'problem', `${gpu.name} is there, but llama.cpp uses ${backend}: ${reason}`, fix);
};

const checkVulkanBackend = (gpu: Gpu, evidence: DoctorEvidence, backend: string): DoctorCheck => {
  const title = ['backend', 'llama.cpp and GPU'] as const;
  if (backend !== 'cpu') return check(title, 'ok', `llama.cpp computes on ${gpu.name} through ${backend}`);
  const { closedRenderNodes, libraries, vulkanDrivers } = evidence;
  const found = (reason: string) => `${gpu.name} is there, but llama.cpp uses the CPU: ${reason}`;
  if (closedRenderNodes.length > 0)
    return check(
      title,
      'problem',
      found(`this user may not open ${closedRenderNodes.join(', ')}`),
      'Run `sudo usermod -aG render,video $USER`, and log in anew.',
    );
  if (libraries?.has(VULKAN_LOADER) === false)
    return check(title, 'problem', found(`the Vulkan loader (${VULKAN_LOADER}) is missing`), INSTALL_VULKAN);
  if (vulkanDrivers?.length === 0)
    return check(title, 'problem', found('no Vulkan driver is installed'), INSTALL_VULKAN);
  return check(
    title,
    gpu.isUnified ? 'note' : 'warning',
    found('the reason is not known'),
    'Run `vulkaninfo --summary` in a terminal: it must list this card.',
  );
};

/** Does llama.cpp use the GPU it could use? */
const checkBackend = (evidence: DoctorEvidence): DoctorCheck => {
  const { gpus, llama, os } = evidence.inventory;
  const title = ['backend', 'llama.cpp and GPU'] as const;
  if (llama === null) return check(title, 'note', 'Unknown, since the device probe of llama.cpp failed');
  const nvidia = gpus.find(({ vendor, source }) => vendor === 'nvidia' && source === 'nvidia-smi');
  if (nvidia !== undefined) return checkNvidiaBackend(nvidia, evidence, llama.backend);
  const apple = gpus.find(({ vendor }) => vendor === 'apple');
  if (apple !== undefined)
    return llama.backend === 'metal'
      ? check(title, 'ok', `llama.cpp computes on ${apple.name} through Metal`)
      : check(
          title,
          os.arch === 'arm64' ? 'problem' : 'note',
          `llama.cpp uses ${llama.backend}, not Metal`,
          os.arch === 'arm64' ? 'Run Node.js for arm64, not under Rosetta, and run `npm ci` anew.' : null,
        );
  const other = gpus.find(({ vendor }) => vendor === 'amd' || vendor === 'intel');
  if (other !== undefined) return checkVulkanBackend(other, evidence, llama.backend);
  return llama.backend === 'cpu'
    ? check(title, 'note', 'No GPU for computing: models run on the CPU')
    : check(title, 'ok', `llama.cpp computes through ${llama.backend} on ${llama.deviceNames.join(', ')}`);
};

const checkVulkan = ({ inventory, libraries, vulkanDrivers }: DoctorEvidence): readonly DoctorCheck[] => {
  if (libraries === null) return [];
  const title = ['vulkan', 'Vulkan'] as const;
  const needsIt = inventory.gpus.some(({ vendor }) => vendor === 'amd' || vendor === 'intel');
  if (!libraries.has(VULKAN_LOADER))
    return [
      check(
        title,
        needsIt ? 'warning' : 'note',
        `The Vulkan loader (${VULKAN_LOADER}) is not installed${needsIt ? '' : '; no GPU here needs it'}`,
        needsIt ? INSTALL_VULKAN : null,
      ),
    ];
  const drivers = vulkanDrivers ?? [];
  return [
    check(title, 'ok', `Loader installed; drivers: ${drivers.length === 0 ? 'none' : drivers.join(', ')}`),
  ];
};

const checkLlama = ({ inventory }: DoctorEvidence): DoctorCheck => {
  const { llama, llamaProblem } = inventory;
  if (llama === null)
    return check(
      ['llama', 'llama.cpp'],
      'problem',
      `The device probe failed: ${llamaProblem ?? 'no reason given'}`,
      'Run `npm ci` anew: it brings the prebuilt llama.cpp for this platform (Linux needs glibc 2.34 or newer).',
    );
  const devices = llama.deviceNames.length === 0 ? '' : ` on ${llama.deviceNames.join(', ')}`;
  const vram =
    llama.vram === null
      ? ''
      : `, ${gibibytes(llama.vram.freeBytes)} of ${gibibytes(llama.vram.totalBytes)} video memory free`;
  return check(
    ['llama', 'llama.cpp'],
    'ok',
    `${llama.llamaCppRelease} (node-llama-cpp ${llama.nodeLlamaCppVersion}), backend ${llama.backend}${devices}${vram}; ${llama.cpuMathCores} cores for math`,
  );
};

/** GPUs, drivers, and whether llama.cpp makes use of them. */
export const gpuChecks = (evidence: DoctorEvidence): readonly DoctorCheck[] => {
  const { gpus } = evidence.inventory;
  return [
    ...(gpus.length === 0 ? [check(['gpu', 'GPU'], 'note', 'None found')] : []),
    ...gpus.map((gpu) => checkGpu(gpu, evidence)),
    ...checkGpuMemory(evidence),
    checkLlama(evidence),
    checkBackend(evidence),
    ...checkVulkan(evidence),
  ];
};
