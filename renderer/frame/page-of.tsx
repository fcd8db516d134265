import { BenchPage } from '../pages/bench/bench-page.tsx';
import { DiffPage } from '../pages/bench/diff/diff-page.tsx';
import { ImportedPage } from '../pages/bench/imported/imported-page.tsx';
import { ComparePage } from '../pages/bench/compare-page.tsx';
import { NewRunPage } from '../pages/bench/new-run-page.tsx';
import { RunPage } from '../pages/bench/run-page.tsx';
import { ShootoutPage } from '../pages/bench/shootout/shootout-page.tsx';
import { HardwarePage } from '../pages/hardware/hardware-page.tsx';
import { HomePage } from '../pages/home/home-page.tsx';
import { LabPage } from '../pages/lab/lab-page.tsx';
import { ModelsPage } from '../pages/models/models-page.tsx';
import { ServerPage } from '../pages/server/server-page.tsx';
import { SettingsPage } from '../pages/settings/settings-page.tsx';
import type { Route } from '../router/route.ts';

/** The page of a place. */
export const PageOf = ({ route }: { readonly route: Route }) => {
  switch (route.page) {
    case 'home':
      return <HomePage />;
    case 'models':
      return <ModelsPage openModelId={route.modelId} />;
    case 'bench':
      return <BenchPage />;
    case 'bench-new':
      return <NewRunPage key={route.modelIds.join()} initialModelIds={route.modelIds} />;
    case 'bench-diff':
      return <DiffPage />;
    case 'bench-shootout':
      return <ShootoutPage key={route.modelId} initialModelId={route.modelId} />;
    case 'run':
      return <RunPage key={route.runId} runId={route.runId} view={route.view} />;
    case 'imported':
      return <ImportedPage key={route.runId} runId={route.runId} />;
    case 'compare':
      return <ComparePage runIds={route.runIds} baseModelId={route.baseModelId} />;
    case 'lab':
      return <LabPage tab={route.tab} itemId={route.itemId} />;
    case 'server':
      return <ServerPage tab={route.tab} />;
    case 'hardware':
      return <HardwarePage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return route satisfies never;
  }
};
