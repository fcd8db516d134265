import { AppError } from '../../shared/errors/app-error.ts';
import type { HttpResponse } from '../platform/ports.ts';

interface RefusalContext {
  /** `owner/repo` on the hub, if it is one. */
  readonly repo: string | null;
  readonly hasToken: boolean;
}

/** The hub says more in this header than in the status. */
const hubMessage = ({ headers }: HttpResponse): string | undefined => headers['x-error-message'];

const tokenHint = ({ repo, hasToken }: RefusalContext): string => {
  if (repo === null) return 'The server wants a login, which Dyno cannot give for this address.';
  return hasToken
    ? `Accept the terms of ${repo} on its web page, or use a token that may read it.`
    : `Accept the terms of ${repo} on its web page, then set HF_TOKEN to an access token of yours.`;
};

/** A status that is no file, as an error that says what to do. 401, 403 and 404 are final; others may pass. */
export const refusal = (response: HttpResponse, url: string, context: RefusalContext): AppError => {
  const { status } = response;
  const what = context.repo ?? new URL(url).host;
  const more = hubMessage(response) === undefined ? '' : ` (${hubMessage(response) ?? ''})`;
  const details = { status, url };
  switch (status) {
    case 401:
    case 403:
      return new AppError(
        'models.download-failed',
        `${what} does not let this file be read: HTTP ${status}${more}.`,
        {
          hint: tokenHint(context),
          details,
        },
      );
    case 404:
    case 410:
      return new AppError(
        'models.not-found',
        `${what} has nothing under that address: HTTP ${status}${more}.`,
        {
          hint:
            context.repo === null || context.hasToken
              ? 'Check the spelling of the address.'
              : 'Check the spelling; a private repository needs HF_TOKEN.',
          details,
        },
      );
    case 429:
      return new AppError('models.download-failed', `${what} asks to slow down: HTTP 429${more}.`, {
        hint: 'Try again in a few minutes, or set HF_TOKEN for a higher limit.',
        details,
      });
    default:
      return new AppError('models.download-failed', `${what} answered HTTP ${status}${more}.`, {
        hint: 'Try again later.',
        details,
      });
  }
};

/** Statuses that a later attempt may get past. */
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;
