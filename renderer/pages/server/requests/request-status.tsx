import type { ServerRequest } from '../../../../shared/contract/server.ts';
import { Explained } from '../../../ui/explained.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from './request-table.module.css';
import { degradedReason, degradedText } from './degraded-words.ts';
import { outcomeOf } from './request-times.ts';

/** How it ended, and what a saturated server gave up for it. */
export const RequestStatus = ({ request }: { readonly request: ServerRequest }) => {
  const { status, degraded } = request;
  return (
    <>
      {status === null ? (
        <Unknown reason="still running" />
      ) : (
        <span className={classes.status} title={outcomeOf(request)}>
          {status} {outcomeOf(request)}
        </span>
      )}
      {degraded.length === 0 ? null : (
        <div className={classes.degraded}>
          <Explained reason={degradedReason(degraded)}>{degradedText(degraded)}</Explained>
        </div>
      )}
    </>
  );
};
