import { join } from 'node:path';
import type { PullInput } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Ports } from '../platform/ports.ts';
import { defaultDownloadPolicy, downloadFile, type DownloadPolicy } from './download-file.ts';
import { discardPart, listPartialDownloads } from './download-part.ts';
import { resolveRemoteFiles, safeFileName, type RemoteFile } from './hub.ts';
import { createRateMeter } from './rate-meter.ts';

interface PullPorts extends Pick<Ports, 'http' | 'files' | 'clock' | 'log' | 'host' | 'folders'> {
  /** Reads and checks the header of a finished file; throws `models.*` when it is not a model. */
  readonly validate: (path: string) => Promise<unknown>;
}

export interface PullProgress {
  /** 0..1, `null` while the total is unknown. */
  readonly fraction: number | null;
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly etaMs: number | null;
  readonly note: string;
}

interface PullOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PullProgress) => void;
  readonly policy?: Partial<DownloadPolicy>;
}

/** Progress is told this often at most; a fast line brings 10,000 pieces a second. */
const reportEveryMs = 200;

const withEnding = (name: string): string => (/\.gguf$/i.test(name) ? name : `${name}.gguf`);

const namedFiles = (files: readonly RemoteFile[], input: PullInput): readonly RemoteFile[] => {
  const [only] = files;
  if (only === undefined || files.length !== 1) {
    const param =
      input.fileName === undefined ? (input.sha256 === undefined ? undefined : 'sha256') : 'fileName';
    if (param === undefined) return files;
    throw new AppError(
      'app.bad-input',
      `The model is split into ${files.length} files; ${param} fits only one.`,
      {
        hint: `Leave ${param} out; the hub's own names and checksums are used.`,
        details: { param },
      },
    );
  }
  return [{ ...only, fileName: withEnding(safeFileName(input.fileName ?? only.fileName)) }];
};

const createReporter = ({ clock }: PullPorts, files: readonly RemoteFile[], options: PullOptions) => {
  const received = files.map(() => 0);
  const totals = files.map(({ sizeBytes }) => sizeBytes);
  let meter: ReturnType<typeof createRateMeter> | undefined;
  let reportedMs = -Infinity;
  let note = 'Connecting';

  const report = (isForced: boolean) => {
    const atMs = clock.monotonicMs();
    if (!isForced && atMs - reportedMs < reportEveryMs) return;
    reportedMs = atMs;
    const receivedBytes = received.reduce((sum, bytes) => sum + bytes, 0);
    const totalBytes = totals.reduce<number | null>(
      (sum, size) => (sum === null || size === null ? null : sum + size),
      0,
    );
    meter ??= createRateMeter(atMs, receivedBytes);
    const bytesPerSecond = meter.update(atMs, receivedBytes);
    options.onProgress({
      fraction: totalBytes === null || totalBytes === 0 ? null : Math.min(1, receivedBytes / totalBytes),
      receivedBytes,
      totalBytes,
      bytesPerSecond,
      etaMs:
        totalBytes === null || bytesPerSecond === null || bytesPerSecond === 0
          ? null
          : Math.round(((totalBytes - receivedBytes) * 1000) / bytesPerSecond),
      note,
    });
  };
  return {
    bytes: (index: number, done: number, total: number | null) => {
      received[index] = done;
      totals[index] = total ?? totals[index] ?? null;
      note = files.length === 1 ? 'Downloading' : `Downloading part ${index + 1} of ${files.length}`;
      report(false);
    },
    note: (text: string) => {
      note = text;
      report(true);
    },
    finish: (index: number) => {
      const total = totals[index] ?? null;
      if (total !== null) received[index] = total;
      report(true);
    },
  };
};

/**
 * Downloads a model into the models folder and resolves with the path of its (first) file. A source pulled before goes
 * on where it stopped, also after a kill: an abort is a pause, `discardPull` makes it a cancel. HF_ENDPOINT and HF_TOKEN
 * are read from the environment.
 * @throws AppError `app.bad-input`, `models.not-found`, `models.ambiguous`, `models.missing-part`, `models.exists`,
 *   `models.not-gguf`, `models.download-failed`, `models.checksum-mismatch`, `storage.disk-full`, `app.cancelled`
 */
export const pullModel = async (
  ports: PullPorts,
  input: PullInput,
  options: PullOptions,
): Promise<{ readonly path: string }> => {
  const { files: disk, folders, log, clock } = ports;
  const { signal } = options;
  const files = namedFiles(await resolveRemoteFiles(ports, input.source, signal), input);
  const targets = files.map(({ fileName }) => join(folders.models, fileName));
  const reporter = createReporter(ports, files, options);
  const startedMs = clock.monotonicMs();
  await disk.makeFolder(folders.models);
  for (const [index, file] of files.entries()) {
    await downloadFile(ports, {
      source: input.source,
      file,
      target: join(folders.models, file.fileName),
      sha256: input.sha256 ?? file.sha256,
      earlierParts: targets.slice(0, index),
      signal,
      policy: { ...defaultDownloadPolicy, ...options.policy },
      onBytes: (done, total) => reporter.bytes(index, done, total),
      onNote: reporter.note,
      // the parts of a split model are checked together, when the library reads them
      validate: files.length === 1 ? ports.validate : () => Promise.resolve(),
    });
    reporter.finish(index);
  }
  const [path = ''] = targets;
  log.info('downloaded', { source: input.source, path, tookMs: Math.round(clock.monotonicMs() - startedMs) });
  return { path };
};

/** Removes what an aborted or killed pull of `source` left, finished parts of a split model included. */
export const discardPull = async (
  { files, folders }: Pick<PullPorts, 'files' | 'folders'>,
  source: string,
): Promise<void> => {
  for (const part of await listPartialDownloads(files, folders.models)) {
    if (part.source !== source) continue;
    for (const earlier of part.earlierParts) await files.remove(earlier);
    await discardPart(files, part.target);
  }
};
