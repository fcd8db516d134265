import { AppError, isAbort } from '../../../shared/errors/app-error.ts';
import type { Clock, Files, HostFacts, Processes } from '../../platform/ports.ts';
import { foreignCpuPercent } from '../foreign-cpu.ts';
import type { FullInventory } from '../inventory.ts';
import { readPower } from '../power.ts';
import { queryNvidiaHolders } from '../sampling/nvidia-query.ts';
import { readText } from '../sampling/read-text.ts';
import { parseMeminfo } from '../vendors/memory.ts';
import type { DoctorEvidence, DoctorExtra } from './evidence.ts';

interface DoctorPorts {
  readonly files: Files;
  readonly processes: Processes;
  readonly host: HostFacts;
  readonly clock: Clock;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Writes and removes a small file. */
const tryDataFolder = async (files: Files, folder: string): Promise<string | null> => {
  const probe = `${folder}/.doctor-write-test`;
  try {
    await files.makeFolder(folder);
    await files.writeText(probe, '');
    await files.remove(probe);
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

const freeBytes = async (files: Files, folder: string): Promise<number | null> => {
  try {
    return await files.freeBytes(folder);
  } catch (error) {
    // the write test reports the same folder with its reason
    if (error instanceof AppError) return null;
    throw error;
  }
};

/** Names in `ldconfig -p` and in the folders of LD_LIBRARY_PATH. */
const findLibraries = async (
  ports: DoctorPorts,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | null> => {
  if (ports.host.platform !== 'linux') return null;
  const options = { timeoutMs: 10_000, signal };
  const listed =
    (await ports.processes.run('ldconfig', ['-p'], options)) ??
    (await ports.processes.run('/sbin/ldconfig', ['-p'], options));
  const folders = (ports.host.env['LD_LIBRARY_PATH'] ?? '')
    .split(':')
    .filter((folder) => folder.startsWith('/'));
  const entries = await Promise.all(folders.map((folder) => ports.files.list(folder)));
  if (listed === undefined && folders.length === 0) return null;
  const names = [...(listed?.stdout ?? '').matchAll(/^\s+(\S+\.so\S*) \(/gm)].map((match) => match[1] ?? '');
  return new Set([...names, ...entries.flat().map(({ name }) => name)]);
};

const icdFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];

const findVulkanDrivers = async ({ files, host }: DoctorPorts): Promise<readonly string[] | null> => {
  if (host.platform !== 'linux') return null;
  const entries = await Promise.all(icdFolders.map((folder) => files.list(folder)));
  return entries
    .flat()
    .filter(({ name }) => name.endsWith('.json'))
    .map(({ name }) => name.replace(/(_icd)?(\.\w+)?\.json$/, ''));
};

/** Render nodes that exist and refuse this user. */
const findClosedRenderNodes = async (files: Files): Promise<readonly string[]> => {
  const nodes = (await files.list('/dev/dri')).filter(({ name }) => name.startsWith('renderD'));
  const closed = await Promise.all(
    nodes.map(async ({ path }) => {
      try {
        await using _opened = await files.openRead(path);
        return [];
      } catch (error) {
        return error instanceof AppError && error.code === 'files.not-allowed' ? [path] : [];
      }
    }),
  );
  return closed.flat();
};

/** Looks at everything the checks judge. Takes about a second, for the load of other programs. */
export const gatherEvidence = async (
  ports: DoctorPorts,
  taken: FullInventory,
  extra: DoctorExtra,
  signal: AbortSignal,
): Promise<DoctorEvidence> => {
  const { files, host } = ports;
  // the folder first: its test also makes it, so that its disk can be asked
  const dataFolderProblem = await tryDataFolder(files, extra.dataFolder);
  const [
    power,
    otherLoadPercent,
    freeDiskBytes,
    libraries,
    vulkanDrivers,
    closedRenderNodes,
    meminfo,
    gpuMemoryHolders,
  ] = await Promise.all([
    readPower(ports, signal),
    foreignCpuPercent(ports, extra.ownPids, signal),
    freeBytes(files, extra.dataFolder),
    findLibraries(ports, signal),
    findVulkanDrivers(ports),
    findClosedRenderNodes(files),
    readText(files, '/proc/meminfo'),
    queryNvidiaHolders(ports.processes, signal),
  ]).catch((error: unknown) => {
    if (isAbort(error)) throw new AppError('app.cancelled', undefined, { cause: error });
    throw error;
  });
  return {
    ...taken,
    extra,
    nodeVersion: host.nodeVersion,
    electronVersion: host.electronVersion,
    power,
    otherLoadPercent,
    swapUsedBytes: parseMeminfo(meminfo.text ?? '')?.swapUsedBytes ?? null,
    gpuMemoryHolders,
    freeDiskBytes,
    dataFolderProblem,
    libraries,
    vulkanDrivers,
    closedRenderNodes,
  };
};
