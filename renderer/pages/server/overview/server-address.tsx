import type { ServerStatus } from '../../../../shared/contract/server.ts';
import { formatCount, formatDuration, formatFigure } from '../../../../shared/units/format.ts';
import { useNow } from '../../../live/use-now.ts';
import { formatRoute } from '../../../router/route.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Stat } from '../../../ui/stat.tsx';
import classes from './server-address.module.css';

/** Where the server answers and how busy it is. */
export const ServerAddress = ({ server }: { readonly server: Extract<ServerStatus, { type: 'on' }> }) => {
  const nowMs = useNow(5_000);
  return (
    <section className={classes.bar} aria-label="Server state">
      <div className={classes.address}>
        <div className={classes.name}>Address</div>
        <span className={classes.url}>
          <span className="mono">{server.url}</span>
          <CopyButton text={server.url} what="address" />
        </span>
        <div className={classes.note}>
          {server.network === null ? null : (
            <div>
              open to the network at <span className="mono">{server.network.urls[0]}</span>
            </div>
          )}
          {server.models.map(({ modelId, slots, contextSize, adapters }) => (
            <div key={modelId}>
              serving <a href={formatRoute({ page: 'models', modelId })}>{modelId}</a>, {formatCount(slots)}{' '}
              slots × {formatCount(contextSize)} tokens
              {adapters.map(({ name, scale }, id) => (
                <div key={`${id} ${name}`}>
                  adapter {id}: <span className="mono">{name}</span> at scale {formatFigure(scale)}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
      <Stat
        name="Running"
        value={formatCount(server.running)}
        note={`${formatCount(server.queued)} waiting`}
      />
      <Stat
        name="Requests"
        value={formatCount(server.totals.requests)}
        note={`${formatCount(server.totals.errors)} with an error`}
      />
      <Stat
        name="Tokens out"
        value={formatCount(server.totals.outputTokens)}
        note={`${formatCount(server.totals.promptTokens)} read`}
      />
      <Stat name="On for" value={formatDuration(Math.max(1_000, nowMs - server.sinceMs))} />
    </section>
  );
};
