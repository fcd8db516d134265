import type { Model } from '../../../shared/contract/models.ts';
import { isJobActive } from '../../../shared/events/reduce-app.ts';
import { formatFraction } from '../../../shared/units/format.ts';
import { useLive } from '../../live/use-live.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import classes from './hash-state.module.css';

/** The file's SHA-256, or how far it has been read. */
export const HashState = ({ model }: { readonly model: Model }) => {
  const jobs = useLive('jobs');
  if (model.sha256 !== null) {
    return (
      <span className={classes.hash}>
        <span className="mono" title={model.sha256}>
          {model.sha256.slice(0, 10)}
        </span>
        <CopyButton text={model.sha256} what={`SHA-256 of ${model.id}`} />
      </span>
    );
  }
  const job = jobs.find(
    (candidate) => candidate.kind === 'hash' && isJobActive(candidate) && candidate.title.includes(model.id),
  );
  if (job?.state.type === 'running')
    return <span className="muted">reading {formatFraction(job.state.fraction)}</span>;
  return (
    <Unknown reason={model.problem === null ? 'not computed yet' : 'files with a problem are not read'} />
  );
};
