import { AppError } from '../../shared/errors/app-error.ts';
import type { HttpResponse } from '../platform/ports.ts';
import type { PartFacts } from './download-part.ts';
import { isPassing, refusal } from './http-refusal.ts';
import type { RemoteFile } from './hub.ts';

/** What to do with an answer to a (ranged) request. */
type ResponsePlan =
  /** Write from `startByte` on; 0 throws away what is there. */
  | { readonly type: 'write'; readonly startByte: number; readonly totalBytes: number | null }
  /** All bytes are there already. */
  | { readonly type: 'complete' }
  /** The part does not belong to what the server has now. */
  | { readonly type: 'start-over'; readonly reason: string }
  /** Ask again later. */
  | { readonly type: 'wait'; readonly reason: AppError; readonly retryAfterMs: number | null };

interface Asked {
  readonly file: RemoteFile;
  /** Bytes in the part; the request asked for those behind. */
  readonly receivedBytes: number;
  readonly facts: PartFacts | undefined;
}

const numberOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : null;

/** `bytes 100-199/200` */
const readRange = (
  text: string | undefined,
): { startByte: number; totalBytes: number | null } | undefined => {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text ?? '');
  return match === null ? undefined : { startByte: Number(match[1]), totalBytes: numberOf(match[2]) };
};

const refuseWebPage = ({ headers }: HttpResponse, url: string): void => {
  if (headers['content-type']?.startsWith('text/html') !== true) return;
  throw new AppError('models.not-gguf', `The address answers a web page, not a model file: ${url}`, {
    hint: 'Copy the address of the download button, or use owner/repo:Q4_K_M.',
  });
};

const refuseOtherSize = (file: RemoteFile, totalBytes: number | null): void => {
  if (file.sizeBytes === null || totalBytes === null || file.sizeBytes === totalBytes) return;
  throw new AppError(
    'models.download-failed',
    `${new URL(file.url).host} announces ${totalBytes} bytes for ${file.fileName}, the hub lists ${file.sizeBytes}.`,
    { hint: 'Try again later; a mirror may be out of date.' },
  );
};

/** True when the server says by ETag that the file is another than the part's. Weak tags compare by their text. */
const hasChanged = ({ headers }: HttpResponse, facts: PartFacts | undefined): boolean => {
  const known = facts?.etag ?? null;
  return known !== null && headers['etag'] !== undefined && headers['etag'] !== known;
};

/**
 * Reads status and headers of an answer. Pure but for what it throws.
 * @throws AppError `models.download-failed`, `models.not-found`, `models.not-gguf` where asking again cannot help
 */
export const planResponse = (response: HttpResponse, { file, receivedBytes, facts }: Asked): ResponsePlan => {
  const { status, headers } = response;
  if (status === 416) {
    // the range begins at the end: nothing is missing
    const total =
      numberOf(/^bytes \*\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1]) ?? facts?.totalBytes;
    return total === receivedBytes && !hasChanged(response, facts)
      ? { type: 'complete' }
      : { type: 'start-over', reason: 'the server has fewer bytes than were received' };
  }
  if (status !== 200 && status !== 206) {
    const error = refusal(response, file.url, { repo: file.repo, hasToken: 'authorization' in file.headers });
    if (!isPassing(status)) throw error;
    const seconds = numberOf(headers['retry-after']);
    return { type: 'wait', reason: error, retryAfterMs: seconds === null ? null : seconds * 1000 };
  }
  refuseWebPage(response, file.url);
  if (status === 200) {
    // asked for identity; the length of a body compressed all the same says nothing about the file
    const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
    const totalBytes = isPlain ? numberOf(headers['content-length']) : null;
    refuseOtherSize(file, totalBytes);
    return { type: 'write', startByte: 0, totalBytes: file.sizeBytes ?? totalBytes };
  }
  const range = readRange(headers['content-range']);
  if (range?.startByte !== receivedBytes)
    return { type: 'start-over', reason: 'the server sent another range than asked' };
  const knownBytes = facts?.totalBytes ?? null;
  if (
    hasChanged(response, facts) ||
    (knownBytes !== null && range.totalBytes !== null && range.totalBytes !== knownBytes)
  )
    return { type: 'start-over', reason: 'the file on the server has changed' };
  refuseOtherSize(file, range.totalBytes);
  return { type: 'write', startByte: receivedBytes, totalBytes: range.totalBytes ?? knownBytes };
};

/** SHA-256 that the hub puts beside a file kept in LFS; `null` elsewhere. */
export const linkedSha256 = ({ headers }: HttpResponse): string | null =>
  /^"?([0-9a-f]{64})"?$/.exec(headers['x-linked-etag'] ?? '')?.[1] ?? null;
