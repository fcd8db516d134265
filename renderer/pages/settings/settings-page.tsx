import { useQuery } from '../../live/use-query.ts';
import { useServices } from '../../services-context.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useSaveSettings } from '../../actions/use-save-settings.ts';
import { AboutPanel } from './about-panel.tsx';
import { EngineDefaults } from './engine-defaults.tsx';
import { GeneralSettings } from './general-settings.tsx';
import { ModelFolders } from './model-folders.tsx';
import classes from './settings-page.module.css';

/** Everything that can be chosen and is kept. A change counts at once. */
export const SettingsPage = () => {
  const { queries } = useServices();
  const settings = useQuery(queries.settings());
  const { save } = useSaveSettings();
  return (
    <Page title="Settings" lead="A change is kept as soon as it is made.">
      <div className={classes.columns}>
        <div className={classes.side}>
          <Panel title="General">
            <QueryView query={settings} what="the settings">
              {(data) => <GeneralSettings settings={data} onChange={save.run} />}
            </QueryView>
          </Panel>
          <Panel title="Model folders">
            <QueryView query={settings} what="the settings">
              {(data) => <ModelFolders settings={data} onChange={save.run} />}
            </QueryView>
          </Panel>
        </div>
        <div className={classes.side}>
          <Panel title="Engine defaults">
            <QueryView query={settings} what="the settings">
              {(data) => <EngineDefaults engine={data.engine} onChange={(engine) => save.run({ engine })} />}
            </QueryView>
          </Panel>
          <AboutPanel />
        </div>
      </div>
    </Page>
  );
};
