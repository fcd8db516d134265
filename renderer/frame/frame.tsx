import { useStore } from '../live/use-store.ts';
import { useServices } from '../services-context.ts';
import { ConnectionGate } from './connection-gate.tsx';
import { DialogHost } from './dialog-host.tsx';
import { DropZone } from './drop-zone.tsx';
import classes from './frame.module.css';
import { NoticeList } from './notice-list.tsx';
import { PageOf } from './page-of.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { useThemeSetting } from './use-theme-setting.ts';

/** Rail, status bar, page; the palette and the drop zone reach over all of it. */
export const Frame = () => {
  const { router } = useServices();
  const route = useStore(router.store);
  useThemeSetting();
  return (
    <div className={classes.frame}>
      <a
        className={classes.skip}
        href="#main"
        onClick={(event) => skipTo(event.currentTarget.ownerDocument, event)}
      >
        Skip to the page
      </a>
      <Rail route={route} />
      <StatusBar />
      <main id="main" className={classes.main} tabIndex={-1}>
        <PageOf route={route} />
      </main>
      <NoticeList />
      <DialogHost />
      <DropZone />
      <ConnectionGate />
    </div>
  );
};

/** The address's hash is the route, so the skip link moves the focus itself. */
const skipTo = (page: Document, event: { preventDefault: () => void }): void => {
  event.preventDefault();
  page.getElementById('main')?.focus();
};
