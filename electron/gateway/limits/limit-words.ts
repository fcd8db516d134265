import { AppError } from '../../../shared/errors/app-error.ts';
import type { Refused } from './limiter.ts';

/** What a client is told of a limit that refused it. */
export const limitRefusal = ({ by: { rule, remaining, resetMs }, waitMs }: Refused): AppError => {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  const unit = rule.resource === 'concurrency' ? 'requests at once' : `${rule.resource} a minute`;
  return new AppError(
    'gateway.rate-limited',
    `The ${rule.scope} may use ${rule.limit} ${unit}; ${rule.limit - remaining} are used.`,
    {
      hint: `Try again in ${retryAfterSeconds} s.`,
      details: {
        retryAfterSeconds,
        scope: rule.scope,
        resource: rule.resource,
        limit: rule.limit,
        used: rule.limit - remaining,
        // places come back with the requests that hold them
        resetsInSeconds: resetMs === null ? retryAfterSeconds : Math.ceil(resetMs / 1000),
      },
    },
  );
};
