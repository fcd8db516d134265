import { dirname } from 'node:path';
import { AppError, isAbort } from '../../shared/errors/app-error.ts';
import { formatGib } from '../../shared/units/format.ts';
import type { HttpResponse, Ports } from '../platform/ports.ts';
import { discardPart, partPathOf, readPart, writePartFacts, type PartFacts } from './download-part.ts';
import { linkedSha256, planResponse } from './download-response.ts';
import type { RemoteFile } from './hub.ts';

interface AttemptTask {
  readonly source: string;
  readonly file: RemoteFile;
  readonly target: string;
  /** Expected SHA-256 where one is known before the answer. */
  readonly sha256: string | null;
  readonly earlierParts: readonly string[];
  readonly signal: AbortSignal;
  readonly idleTimeoutMs: number;
  readonly onBytes: (receivedBytes: number, totalBytes: number | null) => void;
}

type AttemptOutcome =
  | { readonly type: 'complete'; readonly sha256: string | null }
  | { readonly type: 'start-over'; readonly reason: string }
  | {
      readonly type: 'broken';
      readonly cause: unknown;
      readonly gainedBytes: number;
      readonly retryAfterMs: number | null;
    };

type AttemptPorts = Pick<Ports, 'http' | 'files' | 'clock'>;

const diskReserveBytes = 64 * 2 ** 20;
const magic = 'GGUF';

const refuseFullDisk = async (files: Ports['files'], target: string, missingBytes: number): Promise<void> => {
  const freeBytes = await files.freeBytes(target);
  const needBytes = missingBytes + diskReserveBytes;
  if (freeBytes >= needBytes) return;
  throw new AppError(
    'storage.disk-full',
    `The download needs ${formatGib(needBytes)} GiB more, ${formatGib(freeBytes)} GiB are free in ${dirname(target)}.`,
    { hint: 'Free some space, or choose a folder on another disk.', details: { needBytes, freeBytes } },
  );
};

/** If-Range needs a strong validator; without one the answer's own headers and the checksum must do. */
const rangeHeaders = (
  receivedBytes: number,
  facts: PartFacts | undefined,
): Readonly<Record<string, string>> => {
  if (receivedBytes === 0 || facts === undefined) return {};
  const strongTag = facts.etag?.startsWith('W/') === false ? facts.etag : null;
  const validator = strongTag ?? facts.lastModified;
  return { range: `bytes=${receivedBytes}-`, ...(validator === null ? {} : { 'if-range': validator }) };
};

/** A part can be gone on with when the server, or a checksum, can tell that it is still the same file. */
const isResumable = ({ etag, lastModified, sha256, url }: PartFacts, task: AttemptTask): boolean =>
  url === task.file.url &&
  (etag !== null || lastModified !== null || sha256 !== null) &&
  (sha256 === null || task.sha256 === null || sha256 === task.sha256);

/** Writes the body behind `startByte`, telling the length of the part after each piece. */
const writeBody = async (
  { files }: AttemptPorts,
  task: AttemptTask,
  body: AsyncIterable<Uint8Array>,
  { startByte, totalBytes }: { readonly startByte: number; readonly totalBytes: number | null },
  onProgress: (receivedBytes: number) => void,
): Promise<void> => {
  await using writer = await files.openWrite(partPathOf(task.target));
  let position = startByte;
  let head = magic.slice(0, startByte); // an earlier attempt has checked these
  for await (const chunk of body) {
    if (position < magic.length) {
      head += String.fromCharCode(...chunk.subarray(0, magic.length - position));
      if (!magic.startsWith(head))
        throw new AppError('models.not-gguf', `${task.file.url} is not a GGUF file.`, {
          hint: 'Check that the address leads to a .gguf file itself.',
        });
    }
    if (totalBytes !== null && position + chunk.length > totalBytes)
      throw new AppError(
        'models.download-failed',
        `The server sends more than the ${totalBytes} bytes it announced.`,
        {
          hint: 'Try again later, or from another server.',
        },
      );
    await writer.write(chunk, position);
    position += chunk.length;
    onProgress(position);
  }
  await writer.sync();
};

/**
 * One request, going on where the part ends. Faults of the network are an outcome; what no repetition can cure is
 * thrown. The part stays in both cases, except where the answer proves it useless.
 * @throws AppError `storage.disk-full`, `models.not-gguf`, `models.not-found`, `models.download-failed`,
 *   `app.cancelled`
 */
export const attemptDownload = async (ports: AttemptPorts, task: AttemptTask): Promise<AttemptOutcome> => {
  const { http, files, clock } = ports;
  const { file, target } = task;
  const found = await readPart(files, target);
  const part = found !== undefined && isResumable(found.facts, task) ? found : undefined;
  if (part === undefined) await discardPart(files, target);
  let receivedBytes = part?.receivedBytes ?? 0;
  const startedBytes = receivedBytes;

  const idle = new AbortController();
  let lastByteMs = clock.monotonicMs();
  using _watchdog = clock.every(Math.min(1000, task.idleTimeoutMs), () => {
    if (clock.monotonicMs() - lastByteMs < task.idleTimeoutMs) return;
    idle.abort(new AppError('models.download-failed', `No byte arrived for ${task.idleTimeoutMs / 1000} s.`));
  });

  const broken = (cause: unknown, retryAfterMs: number | null = null) => ({
    type: 'broken' as const,
    cause,
    gainedBytes: Math.max(0, receivedBytes - startedBytes),
    retryAfterMs,
  });
  const store = async (response: HttpResponse, startByte: number, totalBytes: number | null) => {
    if (startByte === 0) await discardPart(files, target);
    if (totalBytes !== null) await refuseFullDisk(files, target, totalBytes - startByte);
    const knownSha256 = startByte === 0 ? null : (part?.facts.sha256 ?? null);
    const sha256 = task.sha256 ?? linkedSha256(response) ?? knownSha256;
    const { etag = null, 'last-modified': lastModified = null } = response.headers;
    await writePartFacts(files, target, {
      source: task.source,
      url: file.url,
      etag,
      lastModified,
      totalBytes,
      sha256,
      earlierParts: task.earlierParts,
    });
    receivedBytes = startByte;
    await writeBody(ports, task, response.body, { startByte, totalBytes }, (position) => {
      receivedBytes = position;
      lastByteMs = clock.monotonicMs();
      task.onBytes(position, totalBytes);
    });
    if (totalBytes === null || receivedBytes === totalBytes) return { type: 'complete', sha256 } as const;
    return broken(
      new AppError(
        'models.download-failed',
        `The connection ended at ${receivedBytes} of ${totalBytes} bytes.`,
      ),
    );
  };

  try {
    const response = await http.request(file.url, {
      headers: {
        ...file.headers,
        'accept-encoding': 'identity',
        ...rangeHeaders(receivedBytes, part?.facts),
      },
      signal: AbortSignal.any([task.signal, idle.signal]),
    });
    lastByteMs = clock.monotonicMs();
    const plan = planResponse(response, { file, receivedBytes, facts: part?.facts });
    switch (plan.type) {
      case 'write':
        return await store(response, plan.startByte, plan.totalBytes);
      case 'complete':
        return { type: 'complete', sha256: part?.facts.sha256 ?? task.sha256 };
      case 'start-over':
        await discardPart(files, target);
        return plan;
      case 'wait':
        return broken(plan.reason, plan.retryAfterMs);
      default:
        return plan satisfies never;
    }
  } catch (cause) {
    if (task.signal.aborted) throw new AppError('app.cancelled', undefined, { cause });
    if (idle.signal.aborted) return broken(idle.signal.reason);
    if (cause instanceof AppError && !isAbort(cause)) throw cause; // the disk, or an answer no repetition can cure
    return broken(cause);
  } finally {
    idle.abort(); // frees the connection of an answer that was not read to its end
  }
};
