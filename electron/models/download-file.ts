import { AppError } from '../../shared/errors/app-error.ts';
import type { Ports } from '../platform/ports.ts';
import { attemptDownload } from './download-attempt.ts';
import { discardPart, finishPart, partPathOf, readPart } from './download-part.ts';
import type { RemoteFile } from './hub.ts';

/** How patient a download is. */
export interface DownloadPolicy {
  /** Silence after which a connection counts as broken. */
  readonly idleTimeoutMs: number;
  /** Attempts in a row that bring no byte before the download gives up. */
  readonly maxFruitless: number;
  /** First pause between attempts; doubles up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

export const defaultDownloadPolicy: DownloadPolicy = {
  idleTimeoutMs: 30_000,
  maxFruitless: 8,
  backoffMs: 500,
  maxBackoffMs: 30_000,
};

interface FileDownload {
  readonly source: string;
  readonly file: RemoteFile;
  readonly target: string;
  readonly sha256: string | null;
  /** Finished files of the same split model, remembered so that a cancel can remove them. */
  readonly earlierParts: readonly string[];
  readonly signal: AbortSignal;
  readonly policy: DownloadPolicy;
  readonly onBytes: (receivedBytes: number, totalBytes: number | null) => void;
  /** What is being done now, for people. */
  readonly onNote: (note: string) => void;
  /** Checks the finished part before it gets its name; throws `models.*`. */
  readonly validate: (path: string) => Promise<unknown>;
}

type DownloadPorts = Pick<Ports, 'http' | 'files' | 'clock' | 'log'>;

/** A server may ask for patience, but not for an hour without a word to the user. */
const longestRetryAfterMs = 5 * 60_000;
/** A server that changes its file at every request would keep us busy for ever. */
const maxStartOvers = 3;

const causeText = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  // fetch says "fetch failed" or "terminated", its cause says why
  return cause.cause instanceof Error && !(cause instanceof AppError)
    ? `${cause.message}: ${cause.cause.message}`
    : cause.message;
};

/** Fetches until the part is complete. @returns the SHA-256 it should have, where one is known */
const fetchWhole = async (ports: DownloadPorts, download: FileDownload): Promise<string | null> => {
  const { clock, log } = ports;
  const { policy, signal, file, onNote } = download;
  let fruitless = 0;
  let startOvers = 0;
  for (;;) {
    const outcome = await attemptDownload(ports, { ...download, idleTimeoutMs: policy.idleTimeoutMs });
    switch (outcome.type) {
      case 'complete':
        return outcome.sha256;
      case 'start-over':
        log.warn('download starts over', { url: file.url, reason: outcome.reason });
        onNote(`Starting over: ${outcome.reason}`);
        if (++startOvers < maxStartOvers) break;
        throw new AppError('models.download-failed', `Gave up on ${file.fileName}: ${outcome.reason}.`, {
          hint: 'Try again later, or from another server.',
        });
      case 'broken': {
        fruitless = outcome.gainedBytes > 0 ? 1 : fruitless + 1;
        const reason = causeText(outcome.cause);
        log.warn('download broke off', {
          url: file.url,
          reason,
          fruitless,
          gainedBytes: outcome.gainedBytes,
        });
        if (fruitless >= policy.maxFruitless)
          throw new AppError('models.download-failed', `${file.fileName}: ${reason}`, {
            hint: 'What has arrived is kept: pull again to go on from there.',
            cause: outcome.cause,
          });
        const backoffMs = Math.min(policy.backoffMs * 2 ** (fruitless - 1), policy.maxBackoffMs);
        const pauseMs = Math.min(outcome.retryAfterMs ?? backoffMs, longestRetryAfterMs);
        onNote(`Connection broke off, trying again: ${reason}`);
        await clock.sleep(pauseMs, signal);
        break;
      }
      default:
        outcome satisfies never;
    }
  }
};

const isIntact = async (
  files: Ports['files'],
  path: string,
  sha256: string | null,
  { signal, onNote }: Pick<FileDownload, 'signal' | 'onNote'>,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly actual: string }> => {
  if (sha256 === null) return { ok: true };
  onNote('Checking the SHA-256');
  const actual = await files.sha256(path, { signal });
  return actual === sha256 ? { ok: true } : { ok: false, actual };
};

/** The target is there already: fine when it is the very file, else the user has to decide. */
const reuseExisting = async ({ files }: DownloadPorts, download: FileDownload): Promise<boolean> => {
  const { target, file, sha256 } = download;
  const stat = await files.stat(target);
  if (stat === undefined) return false;
  const couldBe = sha256 !== null && (file.sizeBytes === null || stat.sizeBytes === file.sizeBytes);
  if (couldBe && (await isIntact(files, target, sha256, download)).ok) return true;
  const what = sha256 === null ? 'is already there' : 'is already there and has another SHA-256';
  throw new AppError('models.exists', `${target} ${what}.`, {
    hint: 'Remove it, or give the download another name.',
    details: { path: target },
  });
};

/**
 * Resolves once the file is complete, has the expected SHA-256, passed `validate` and carries its name. An abort keeps
 * the part, so the next call goes on from there, also in another process.
 * @throws AppError `models.exists`, `models.checksum-mismatch`, `models.download-failed`, `models.not-found`,
 *   `models.not-gguf`, `storage.disk-full`, `app.cancelled`, and what `validate` throws
 */
export const downloadFile = async (ports: DownloadPorts, download: FileDownload): Promise<void> => {
  const { files, log } = ports;
  const { target, file, signal } = download;
  if (signal.aborted) throw new AppError('app.cancelled');
  if (await reuseExisting(ports, download)) return;
  for (;;) {
    const before = await readPart(files, target);
    const sha256 = (await fetchWhole(ports, download)) ?? download.sha256;
    const check = await isIntact(files, partPathOf(target), sha256, download);
    if (check.ok) break;
    await discardPart(files, target);
    // a part from before may have been cut by a power failure; a file fetched in one go is what the server has
    if (before !== undefined && before.receivedBytes > 0) {
      log.warn('resumed download has another SHA-256, starting over', {
        url: file.url,
        actual: check.actual,
      });
      continue;
    }
    throw new AppError(
      'models.checksum-mismatch',
      `${file.fileName} has SHA-256 ${check.actual}, not ${sha256 ?? ''}.`,
      {
        hint: 'The file was removed. Try again, or check the expected SHA-256.',
        details: { expected: sha256, actual: check.actual },
      },
    );
  }
  try {
    await download.validate(partPathOf(target));
  } catch (error) {
    await discardPart(files, target);
    throw error;
  }
  await finishPart(files, target);
};
