import { Button, Checkbox } from '@mantine/core';
import { IconFileDiff, IconGitCompare, IconPlus, IconTargetArrow } from '@tabler/icons-react';
import { useState } from 'react';
import type { RunSummary } from '../../../shared/contract/bench.ts';
import { useNow } from '../../live/use-now.ts';
import { useQuery } from '../../live/use-query.ts';
import { formatRoute } from '../../router/route.ts';
import { useServices } from '../../services-context.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { OpenResultButton } from './report/open-result-button.tsx';
import { RunMenu } from './run-menu.tsx';
import { runColumns } from './run-columns.tsx';

/** All runs, newest first; mark two or more to lay them side by side. */
export const BenchPage = () => {
  const { queries, router } = useServices();
  const runs = useQuery(queries.runs());
  const nowMs = useNow(30_000);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());

  const toggle = (runId: string): void => {
    const next = new Set(marked);
    if (!next.delete(runId)) next.add(runId);
    setMarked(next);
  };

  const columns: readonly Column<RunSummary>[] = [
    {
      id: 'mark',
      title: 'Mark',
      head: <span className="spoken-only">Mark for comparison</span>,
      render: (run) => (
        <Checkbox
          size="xs"
          aria-label={`Mark ${run.name} for comparison`}
          checked={marked.has(run.id)}
          onChange={() => toggle(run.id)}
        />
      ),
    },
    ...runColumns(nowMs),
    {
      id: 'actions',
      title: '',
      render: (run) => <RunMenu runId={run.id} name={run.name} state={run.state} />,
    },
  ];

  const newRun = (
    <Button
      component="a"
      href={formatRoute({ page: 'bench-new', modelIds: [] })}
      leftSection={<IconPlus size={15} aria-hidden />}
    >
      New run
    </Button>
  );

  return (
    <Page
      title="Bench"
      lead="Every run is stored sample by sample. Mark runs to lay them side by side."
      actions={
        <>
          <OpenResultButton />
          <Button
            variant="default"
            leftSection={<IconGitCompare size={15} aria-hidden />}
            disabled={marked.size < 2}
            onClick={() => router.go({ page: 'compare', runIds: [...marked], baseModelId: null })}
          >
            Compare {marked.size < 2 ? '' : marked.size}
          </Button>
          <Button
            variant="default"
            component="a"
            href={formatRoute({ page: 'bench-diff' })}
            leftSection={<IconFileDiff size={15} aria-hidden />}
          >
            What changed
          </Button>
          <Button
            variant="default"
            component="a"
            href={formatRoute({ page: 'bench-shootout', modelId: null })}
            leftSection={<IconTargetArrow size={15} aria-hidden />}
          >
            Shoot-out
          </Button>
          {newRun}
        </>
      }
    >
      <Panel title="Runs" isFlush>
        <QueryView query={runs} what="the runs">
          {(list) =>
            list.length === 0 ? (
              <EmptyState
                text="Nothing has been measured yet. A run takes one or more models and a preset, and tells how fast each one reads and writes on this machine."
                action={newRun}
              />
            ) : (
              <DataTable
                label="Runs"
                columns={columns}
                rows={list}
                rowKey={(run) => run.id}
                rowMark={(run) => (marked.has(run.id) ? 'selected' : undefined)}
              />
            )
          }
        </QueryView>
      </Panel>
    </Page>
  );
};
