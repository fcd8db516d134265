import type { Clock, Files, HostFacts } from '../platform/ports.ts';
import { known, unknown, type Reading } from './reading.ts';
import { readText } from './sampling/read-text.ts';
import { parseProcessTicks, parseProcStat } from './vendors/cpu.ts';

interface ForeignCpuPorts {
  readonly files: Files;
  readonly clock: Clock;
  readonly host: Pick<HostFacts, 'platform'>;
}

/** Long enough for 1 % on two cores to be two ticks of 10 ms. */
const WINDOW_MS = 1_000;

/** Processes that own processes started: the driver, the telemetry process, short-lived children. */
const withChildren = async (files: Files, pids: readonly number[]): Promise<readonly number[]> => {
  const lists = await Promise.all(
    pids.map(async (pid) => {
      const { text } = await readText(files, `/proc/${pid}/task/${pid}/children`);
      return (text ?? '').split(' ').filter((word) => word !== '');
    }),
  );
  return [...new Set([...pids, ...lists.flat().map(Number)])];
};

/** Ticks by pid; processes that are gone have none. */
const readTicks = async (files: Files, pids: readonly number[]): Promise<ReadonlyMap<number, number>> => {
  const entries = await Promise.all(
    pids.map(async (pid): Promise<[number, number][]> => {
      const ticks = parseProcessTicks((await readText(files, `/proc/${pid}/stat`)).text ?? '');
      return ticks === undefined ? [] : [[pid, ticks]];
    }),
  );
  return new Map(entries.flat());
};

/**
 * CPU time that processes other than `ownPids` and their children use, as percent of one core per core (0..100), over one second.
 * Time stolen by a hypervisor counts as foreign. Known on Linux only.
 * @throws AppError `app.cancelled`
 */
export const foreignCpuPercent = async (
  ports: ForeignCpuPorts,
  ownPids: readonly number[],
  signal: AbortSignal,
): Promise<Reading> => {
  const { clock, files, host } = ports;
  if (host.platform !== 'linux') return unknown('the load of other processes is measured on Linux only');
  const read = async () => ({
    stat: parseProcStat((await readText(files, '/proc/stat')).text ?? ''),
    own: await readTicks(files, await withChildren(files, ownPids)),
  });
  const before = await read();
  await clock.sleep(WINDOW_MS, signal);
  const after = await read();
  if (before.stat === undefined || after.stat === undefined) return unknown('/proc/stat cannot be read');
  const total = after.stat.all.total - before.stat.all.total;
  if (total <= 0) return unknown('/proc/stat did not move');
  const busy = after.stat.all.busy - before.stat.all.busy;
  const own = [...after.own].reduce((sum, [pid, ticks]) => sum + ticks - (before.own.get(pid) ?? ticks), 0);
  return known(Math.min(100, Math.max(0, (100 * (busy - own)) / total)), '/proc/stat without own processes');
};
