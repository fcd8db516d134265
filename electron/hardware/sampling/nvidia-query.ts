import type { Processes } from '../../platform/ports.ts';
import { known, unknown, type Reading } from '../reading.ts';
import {
  nvidiaProcessArguments,
  parseNvidiaProcesses,
  type GpuMemoryHolder,
} from '../vendors/nvidia-processes.ts';
import {
  firstNvidiaQuery,
  nvidiaArguments,
  parseNvidiaLine,
  readNvidiaProblem,
  withoutRefusedField,
  type NvidiaGpu,
  type NvidiaQuery,
} from '../vendors/nvidia.ts';

/** Where nvidia-smi may lie: on the path, in WSL's folder of Windows drivers, in the folder of older Windows drivers. */
const commands = [
  'nvidia-smi',
  '/usr/lib/wsl/lib/nvidia-smi',
  'C:\\Program Files\\NVIDIA Corporation\\NVSMI\\nvidia-smi.exe',
] as const;

/** A driver that wakes up may need seconds; one that hangs is given up. */
const TIMEOUT_MS = 15_000;

export type NvidiaAnswer =
  | {
      readonly type: 'cards';
      readonly command: string;
      /** The fields this driver knows. */
      readonly query: NvidiaQuery;
      readonly gpus: readonly NvidiaGpu[];
    }
  | { readonly type: 'not-installed' }
  | { readonly type: 'failed'; readonly found: string; readonly fix: string };

const ask = async (
  processes: Pick<Processes, 'run'>,
  command: string,
  signal: AbortSignal,
): Promise<NvidiaAnswer> => {
  let query = firstNvidiaQuery;
  for (;;) {
    const answer = await processes.run(command, nvidiaArguments(query), { timeoutMs: TIMEOUT_MS, signal });
    if (answer === undefined) return { type: 'not-installed' };
    const output = `${answer.stdout}\n${answer.stderr}`;
    const shorter = withoutRefusedField(query, output);
    if (shorter !== undefined) {
      query = shorter;
      continue;
    }
    const known = query;
    const gpus = answer.stdout.split('\n').flatMap((line) => parseNvidiaLine(line, known) ?? []);
    if (gpus.length > 0) return { type: 'cards', command, query: known, gpus };
    const problem = readNvidiaProblem(output);
    return {
      type: 'failed',
      found: problem?.found ?? `nvidia-smi gave no card: ${output.trim().slice(0, 200) || 'no output'}`,
      fix: problem?.fix ?? 'Run nvidia-smi in a terminal and follow what it says.',
    };
  }
};

/** Asks nvidia-smi once, leaving out the fields its driver does not know. */
export const queryNvidia = async (
  processes: Pick<Processes, 'run'>,
  signal: AbortSignal,
): Promise<NvidiaAnswer> => {
  for (const command of commands) {
    const answer = await ask(processes, command, signal);
    if (answer.type !== 'not-installed') return answer;
  }
  return { type: 'not-installed' };
};

/** The programs that compute on the NVIDIA cards now, this one's own among them. */
export const queryNvidiaHolders = async (
  processes: Pick<Processes, 'run'>,
  signal: AbortSignal,
): Promise<Reading<readonly GpuMemoryHolder[]>> => {
  for (const command of commands) {
    const answer = await processes.run(command, nvidiaProcessArguments, { timeoutMs: TIMEOUT_MS, signal });
    if (answer === undefined) continue;
    return answer.exitCode === 0
      ? known(parseNvidiaProcesses(answer.stdout), 'nvidia-smi')
      : unknown('nvidia-smi gave no list of programs');
  }
  return unknown('nvidia-smi is not installed');
};
