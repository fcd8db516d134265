import { useQuery } from '../../live/use-query.ts';
import { useServices } from '../../services-context.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';

const path = (text: string, what: string) => (
  <>
    <span className="mono">{text}</span> <CopyButton text={text} what={what} />
  </>
);

/** Which Dyno this is, and where it keeps things. */
export const AboutPanel = () => {
  const { queries } = useServices();
  const info = useQuery(queries.info());
  return (
    <Panel title="About">
      <QueryView query={info} what="the version">
        {(data) => (
          <KeyValues
            items={[
              ['Dyno', `${data.version}, ${data.mode} mode`],
              [
                'Runs on',
                `Node ${data.node}${data.electron === null ? '' : `, Electron ${data.electron}`}, ${data.platform}`,
              ],
              ['Data folder', path(data.dataFolder, 'data folder')],
              ['Models folder', path(data.modelsFolder, 'models folder')],
              ['Account, telemetry', 'none; nothing leaves this machine but downloads you start'],
            ]}
          />
        )}
      </QueryView>
    </Panel>
  );
};
