import { AppError, readErrorPayload } from '../../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../../shared/errors/table.ts';

const hints: Partial<Record<ErrorCode, string>> = {
  'bench.target-unreachable': 'Is the server running, and are host and port right? Try: curl ',
  'bench.target-unauthorized': 'Pass the key with --key, or a header with --header name=value. Target: ',
  'bench.target-refused':
    'Check the address (with /v1 for OpenAI-compatible servers), --model and --dialect. Target: ',
  'bench.target-overloaded':
    'The server is loading, has too much to do, or limits how much it is asked: wait, or ask less at a time. Target: ',
  'bench.target-failed': 'The server had a failure of its own: look into its log. Target: ',
  'bench.target-not-streaming':
    'The address leads to a page or to another service: give the base address of the API, such as http://host:8000/v1. Target: ',
  'bench.target-hung':
    'The server accepted the request and fell silent: look into its log, or allow more time with --timeout. Target: ',
  'bench.target-broken': 'Check --dialect, and the server’s log for the request that broke. Target: ',
  'bench.target-miscounts':
    'Dyno would count tokens wrongly with it; update the server, or try --dialect. Target: ',
};

/** A failed request as the error of a whole run, with the next step. */
export const targetError = (
  failure: { readonly code: string; readonly message: string },
  url: string,
): AppError => {
  const payload = readErrorPayload(failure);
  const code = payload?.code ?? 'bench.target-failed';
  const hint = hints[code];
  return new AppError(code, failure.message, { ...(hint !== undefined && { hint: hint + url }) });
};
