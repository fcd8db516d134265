import { AppError, isAbort } from '../../../shared/errors/app-error.ts';
import type { FileReader, Http } from '../../platform/ports.ts';
import { planResponse } from '../download-response.ts';
import { headerLimits } from '../gguf/header-limits.ts';
import type { RemoteFile } from '../hub.ts';

/** First piece asked for; the header of a model with 32,000 tokens has 0.7 MiB. */
const firstPieceBytes = 1024 ** 2;
/** Pieces double up to this, so that the header of 262,144 tokens (16 MiB) takes five requests. */
const largestPieceBytes = 16 * 1024 ** 2;

/**
 * The beginning of a file on a server as a file to read: asks for ranges as far as somebody reads, each piece larger
 * than the one before, and never for more than a header may have (256 MiB). Bytes come once and are kept.
 * @throws AppError (reads) `models.not-found`, `models.download-failed`, `models.not-gguf`, `app.cancelled`
 */
export const openRemote = async (http: Http, file: RemoteFile, signal: AbortSignal): Promise<FileReader> => {
  let received: Buffer = Buffer.alloc(0);
  let totalBytes = file.sizeBytes;
  let pieceBytes = firstPieceBytes;

  /** Appends the bytes up to `end`, or fewer at the end of the file. */
  const fetchTo = async (end: number): Promise<void> => {
    const from = received.length;
    const headers = { ...file.headers, 'accept-encoding': 'identity', range: `bytes=${from}-${end - 1}` };
    const response = await http.request(file.url, { headers, signal });
    const plan = planResponse(response, { file, receivedBytes: from, facts: undefined });
    switch (plan.type) {
      case 'wait':
        throw plan.reason;
      case 'start-over':
        throw new AppError(
          'models.download-failed',
          `${new URL(file.url).host} does not answer ranges: ${plan.reason}.`,
          {
            hint: 'Try again later, or download the file.',
          },
        );
      case 'complete':
        totalBytes = from;
        return;
      case 'write':
        break;
    }
    totalBytes = plan.totalBytes ?? totalBytes;
    const pieces = [received];
    let at = plan.startByte; // 0 from a server that knows no ranges: what is there already is passed over
    for await (const piece of response.body) {
      const fresh = piece.subarray(Math.max(0, from - at), Math.max(0, end - at));
      if (fresh.length > 0) pieces.push(Buffer.from(fresh));
      at += piece.length;
      if (at >= end) break;
    }
    received = Buffer.concat(pieces);
    if (at < end && totalBytes !== null && received.length < totalBytes) {
      throw new AppError('models.download-failed', `${new URL(file.url).host} ended the answer early.`, {
        hint: 'Try again.',
      });
    }
    totalBytes = at < end ? received.length : totalBytes;
  };

  const readTo = async (end: number): Promise<void> => {
    try {
      while (received.length < Math.min(end, totalBytes ?? Infinity)) {
        await fetchTo(Math.max(end, received.length + pieceBytes));
        pieceBytes = Math.min(pieceBytes * 2, largestPieceBytes);
      }
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      if (signal.aborted || isAbort(cause)) throw new AppError('app.cancelled', undefined, { cause });
      throw new AppError('models.download-failed', `${new URL(file.url).host} could not be read.`, {
        hint: 'Check the network and the address.',
        cause,
      });
    }
  };

  await readTo(1);
  return {
    // a server that does not tell the size: the header's own bound
    sizeBytes: totalBytes ?? headerLimits.headerBytes,
    read: async (position, length) => {
      if (position + length > headerLimits.headerBytes) {
        throw new AppError(
          'models.bad-header',
          `The header of ${file.fileName} is longer than any model's.`,
          {
            hint: 'The address is probably not that of a GGUF file.',
          },
        );
      }
      await readTo(position + length);
      return received.subarray(position, position + length);
    },
    [Symbol.asyncDispose]: () => {
      received = Buffer.alloc(0);
      return Promise.resolve();
    },
  };
};
