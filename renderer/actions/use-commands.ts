import { isJobActive } from '../../shared/events/reduce-app.ts';
import { hasFigures } from '../../shared/units/job-outcome.ts';
import { useAction } from '../live/use-action.ts';
import { useQuery } from '../live/use-query.ts';
import { useLive } from '../live/use-live.ts';
import { shortFormats } from '../pages/bench/report/report-formats.ts';
import { useReport } from '../pages/bench/report/use-report.ts';
import { labTabs } from '../router/lab-tabs.ts';
import { railPages } from '../router/pages.ts';
import { serverTabs } from '../router/server-tabs.ts';
import { useServices } from '../services-context.ts';
import type { Command } from './command.ts';
import { modifierName } from './shortcut.ts';
import { useFirstRun } from './use-first-run.ts';
import { useModelActions } from './use-model-actions.ts';
import { useNetworkActions } from './use-network-actions.ts';
import { useSaveSettings } from './use-save-settings.ts';

/** Every action there is, for the state there is. */
export const useCommands = (): readonly Command[] => {
  const { client, dialogs, notices, queries, router } = useServices();
  const jobs = useLive('jobs');
  const models = useLive('models');
  const server = useLive('server');
  const info = useQuery(queries.info()).data;
  const runs = useQuery(queries.runs()).data ?? [];
  const actions = useModelActions();
  const network = useNetworkActions();
  const settings = useSaveSettings();
  const stopServer = useAction(async () => {
    await client.server.stop({});
  });
  const startServer = useAction(async () => {
    await client.server.start({});
  });
  const cancelJob = useAction(async (jobId: string) => {
    await client.jobs.cancel({ jobId });
  });

  const copy = useAction(async (text: string) => {
    await navigator.clipboard.writeText(text);
    notices.done('Copied.');
  });
  const lookAgain = useAction(async () => {
    await client.hardware.inventory({ refresh: true });
    queries.invalidate('hardware.');
    router.go({ page: 'hardware' });
  });
  const calibrate = useAction(async () => {
    await client.bench.calibrate({});
    router.go({ page: 'hardware' });
  });
  const latest = runs.find((run) => hasFigures(run.state) && run.importedFrom === null);
  const latestReport = useReport([latest?.id ?? '']);

  const bundled = models.find((model) => model.id === info?.bundledModelId);
  const usable = models.filter((model) => model.problem === null);
  const firstRun = useFirstRun(bundled);
  return [
    ...railPages.map((page, index) => ({
      id: `page ${page.title}`,
      title: page.title,
      section: 'Go to',
      shortcut: `${modifierName()} ${index + 1}`,
      run: () => router.go(page.route),
    })),
    ...labTabs.map(({ name, title }) => ({
      id: `lab ${name}`,
      title: `Lab: ${title}`,
      section: 'Go to',
      run: () => router.go({ page: 'lab', tab: name, itemId: null }),
    })),
    ...serverTabs.slice(1).map(({ name, title }) => ({
      id: `server ${name}`,
      title: `Server: ${title}`,
      section: 'Go to',
      run: () => router.go({ page: 'server', tab: name }),
    })),
    ...(bundled === undefined
      ? []
      : [
          {
            id: 'first-run',
            title: 'Run the first comparison',
            section: 'Bench',
            run: () => firstRun.start.run(bundled),
          },
        ]),
    {
      id: 'new-run',
      title: 'New run…',
      section: 'Bench',
      run: () => router.go({ page: 'bench-new', modelIds: [] }),
    },
    {
      id: 'shootout',
      title: 'Shoot-out: make quantizations, measure speed and quality…',
      section: 'Bench',
      run: () => router.go({ page: 'bench-shootout', modelId: null }),
    },
    {
      id: 'what-changed',
      title: 'What changed between two reports…',
      section: 'Bench',
      run: () => router.go({ page: 'bench-diff' }),
    },
    server.type === 'off' || server.type === 'failed'
      ? { id: 'server-on', title: 'Turn the server on', section: 'Server', run: () => startServer.run() }
      : { id: 'server-off', title: 'Turn the server off', section: 'Server', run: () => stopServer.run() },
    ...(server.type === 'on'
      ? [
          server.network === null
            ? {
                id: 'open-network',
                title: 'Open the server to the network…',
                section: 'Server',
                run: network.open,
              }
            : {
                id: 'close-network',
                title: 'Close the server to the network',
                section: 'Server',
                run: () => network.close.run(),
              },
        ]
      : []),
    {
      id: 'new-key',
      title: 'New API key…',
      section: 'Server',
      run: () => dialogs.open({ type: 'new-key' }),
    },
    {
      id: 'new-tenant',
      title: 'New tenant…',
      section: 'Server',
      run: () => dialogs.open({ type: 'new-tenant' }),
    },
    {
      id: 'new-price',
      title: 'New price…',
      section: 'Server',
      run: () => dialogs.open({ type: 'new-price' }),
    },
    {
      id: 'new-budget',
      title: 'New budget…',
      section: 'Server',
      run: () => dialogs.open({ type: 'new-budget' }),
    },
    ...jobs.filter(isJobActive).map((job) => ({
      id: `cancel ${job.id}`,
      title: `Cancel: ${job.title}`,
      section: 'Job',
      run: () => cancelJob.run(job.id),
    })),
    {
      id: 'download',
      title: 'Download a model…',
      section: 'Models',
      run: () => dialogs.open({ type: 'add-model', tab: 'download', fileName: null }),
    },
    {
      id: 'import',
      title: 'Add a model file by its path…',
      section: 'Models',
      run: () => dialogs.open({ type: 'add-model', tab: 'path', fileName: null }),
    },
    { id: 'scan', title: 'Look through all folders again', section: 'Models', run: () => actions.scan.run() },
    ...usable.flatMap((model) => [
      {
        id: `serve ${model.id}`,
        title: `Serve ${model.id}`,
        section: 'Server',
        run: () => actions.serve.run(model.id),
      },
      {
        id: `bench ${model.id}`,
        title: `Bench ${model.id}`,
        section: 'Bench',
        run: () => actions.bench([model.id]),
      },
      {
        id: `open ${model.id}`,
        title: `Details of ${model.id}`,
        section: 'Models',
        run: () => router.go({ page: 'models', modelId: model.id }),
      },
      {
        id: `quantize ${model.id}`,
        title: `Quantize ${model.id}…`,
        section: 'Models',
        run: () => actions.quantize(model),
      },
      {
        id: `remove ${model.id}`,
        title: `Remove ${model.id}…`,
        section: 'Models',
        run: () => actions.remove(model),
      },
    ]),
    ...(latest === undefined
      ? []
      : shortFormats.map(({ format, title }) => ({
          id: `report ${format}`,
          title: `Report of ${latest.name} as ${title}`,
          section: 'Bench',
          run: () => latestReport.run(format),
        }))),
    ...(server.type === 'on'
      ? [
          {
            id: 'copy-address',
            title: 'Copy the server address',
            section: 'Server',
            run: () => copy.run(server.url),
          },
        ]
      : []),
    {
      id: 'calibrate',
      title: 'Measure the noise floor of this machine',
      section: 'Hardware',
      run: () => calibrate.run(),
    },
    {
      id: 'look',
      title: 'Look at the hardware again',
      section: 'Hardware',
      run: () => lookAgain.run(),
    },
    ...runs.slice(0, 20).map((run) => ({
      id: `run ${run.id}`,
      title: `Open run ${run.name}`,
      section: 'Bench',
      run: () =>
        router.go(
          run.importedFrom === null
            ? { page: 'run', runId: run.id, view: 'comparison' }
            : { page: 'imported', runId: run.id },
        ),
    })),
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      id: `theme ${theme}`,
      title: `Theme: ${theme}`,
      section: 'Settings',
      run: () => settings.save.run({ theme }),
    })),
  ];
};
