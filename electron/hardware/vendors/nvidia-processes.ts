import { known, unknown, type Reading } from '../reading.ts';

/** nvidia-smi's list of programs that compute on its cards. Pure. */

export const nvidiaProcessArguments: readonly string[] = [
  '--query-compute-apps=gpu_uuid,pid,process_name,used_memory',
  '--format=csv,noheader,nounits',
];

/** A program that holds memory of a GPU. */
export interface GpuMemoryHolder {
  readonly pid: number;
  /** Name of its program file without the folders; `null` where the driver hides it. */
  readonly name: string | null;
  /** Unknown on Windows, where the system and not the driver hands out the memory. */
  readonly usedBytes: Reading;
}

const isHidden = (text: string): boolean => text === '' || /^\[.*\]$/.test(text);

/** Reads the rows `uuid, pid, name, MiB`. A name may hold commas, so it is what stands between the others. */
export const parseNvidiaProcesses = (text: string): readonly GpuMemoryHolder[] =>
  text.split('\n').flatMap((line): GpuMemoryHolder[] => {
    const cells = line.split(',').map((cell) => cell.trim());
    const pid = Number(cells[1]);
    const used = cells.at(-1) ?? '';
    if (cells.length < 4 || !Number.isInteger(pid) || pid <= 0) return [];
    const path = cells.slice(2, -1).join(', ');
    const mebibytes = used === '' ? Number.NaN : Number(used.replace(/ MiB$/, ''));
    return [
      {
        pid,
        name: isHidden(path) ? null : (path.split(/[/\\]/).at(-1) ?? path),
        usedBytes: Number.isFinite(mebibytes)
          ? known(mebibytes * 2 ** 20, 'nvidia-smi')
          : unknown(`nvidia-smi says ${used}`),
      },
    ];
  });
