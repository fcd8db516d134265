import { formatRoute } from '../router/route.ts';
import { formatFraction } from '../../shared/units/format.ts';
import { useLive } from '../live/use-live.ts';
import classes from './serving-state.module.css';

const useServerWords = (): { readonly tone: string; readonly words: string; readonly port?: number } => {
  const server = useLive('server');
  switch (server.type) {
    case 'off':
      return { tone: 'off', words: 'server off' };
    case 'starting':
      return { tone: 'busy', words: `loading ${server.modelId} ${formatFraction(server.fraction)}` };
    case 'on':
      return { tone: 'on', words: `serving ${server.modelName} ${server.quantization}`, port: server.port };
    case 'failed':
      return { tone: 'failed', words: 'server failed' };
    default:
      return server satisfies never;
  }
};

/** What the server does now; leads to its page. The ring, the dot and the cross differ in shape as well as colour. */
export const ServingState = () => {
  const { tone, words, port } = useServerWords();
  return (
    <a href={formatRoute({ page: 'server', tab: 'overview' })} className={classes.state}>
      <span className={classes.dot} data-tone={tone} aria-hidden />
      <span className={classes.words}>{words}</span>
      {port === undefined ? null : <span className="mono">:{port}</span>}
    </a>
  );
};
