import { useEffect } from 'react';
import { formatCount } from '../../../../shared/units/format.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { QueryView } from '../../../ui/query-view.tsx';
import classes from '../access/access.module.css';

/** Whether every line is as it was written; looked at again when there is a newer one. */
export const ChainState = ({ newestSeq }: { readonly newestSeq: number }) => {
  const { queries } = useServices();
  const check = useQuery(queries.auditCheck());
  const { refresh } = check;
  useEffect(refresh, [refresh, newestSeq]);
  return (
    <QueryView query={check} what="the chain of hashes">
      {({ entries, isWhole, brokenAtSeq }) => (
        <p className={classes.state} data-tone={isWhole ? 'good' : 'bad'} role="status">
          {isWhole
            ? `✓ All ${formatCount(entries)} lines are as they were written.`
            : `✗ Line ${brokenAtSeq ?? 0} is not as it was written: the log was changed past Dyno.`}
        </p>
      )}
    </QueryView>
  );
};
