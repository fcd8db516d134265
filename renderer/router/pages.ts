import {
  IconCpu,
  IconFlask2,
  IconGauge,
  IconHome,
  IconSettings,
  IconServer2,
  IconStack2,
  type Icon,
} from '@tabler/icons-react';
import { labTabs } from './lab-tabs.ts';
import type { Route } from './route.ts';
import { serverTabs } from './server-tabs.ts';

/** The pages of the rail, in the order of their shortcuts Mod+1, Mod+2, … */
export const railPages: readonly {
  readonly title: string;
  readonly icon: Icon;
  readonly route: Route;
  /** All pages that belong to this entry. */
  readonly holds: readonly Route['page'][];
}[] = [
  { title: 'Home', icon: IconHome, route: { page: 'home' }, holds: ['home'] },
  { title: 'Models', icon: IconStack2, route: { page: 'models', modelId: null }, holds: ['models'] },
  {
    title: 'Bench',
    icon: IconGauge,
    route: { page: 'bench' },
    holds: ['bench', 'bench-new', 'bench-shootout', 'bench-diff', 'run', 'imported', 'compare'],
  },
  ...labTabs.slice(0, 1).map(({ name }) => ({
    title: 'Lab',
    icon: IconFlask2,
    route: { page: 'lab' as const, tab: name, itemId: null },
    holds: ['lab' as const],
  })),
  ...serverTabs.slice(0, 1).map(({ name }) => ({
    title: 'Server',
    icon: IconServer2,
    route: { page: 'server' as const, tab: name },
    holds: ['server' as const],
  })),
  { title: 'Hardware', icon: IconCpu, route: { page: 'hardware' }, holds: ['hardware'] },
  { title: 'Settings', icon: IconSettings, route: { page: 'settings' }, holds: ['settings'] },
];
