import { Button, Drawer, Tabs } from '@mantine/core';
import type { Model } from '../../../shared/contract/models.ts';
import { useModelActions } from '../../actions/use-model-actions.ts';
import { useQuery } from '../../live/use-query.ts';
import { useStore } from '../../live/use-store.ts';
import { useServices } from '../../services-context.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailedState } from '../../ui/failed-state.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useFocusReturn } from '../../ui/use-focus-return.ts';
import { fromErrorPayload } from '../../transport/problem.ts';
import { MemoryFitView } from './memory-fit-view.tsx';
import classes from './model-drawer.module.css';
import { ModelOverview } from './model-overview.tsx';
import { TensorView } from './tensor-view.tsx';

interface ModelDrawerProps {
  readonly model: Model;
  readonly onClose: () => void;
}

/** All that is known of one model, beside the table. */
export const ModelDrawer = ({ model, onClose }: ModelDrawerProps) => {
  const { dialogs, queries } = useServices();
  const isCovered = useStore(dialogs.store).type !== 'none';
  const details = useQuery(queries.modelDetails(model.id));
  const actions = useModelActions();
  useFocusReturn(true);
  return (
    // Escape closes what lies on top: of a dialog over this drawer, only the dialog.
    <Drawer
      opened
      onClose={onClose}
      closeOnEscape={!isCovered}
      position="right"
      size="46rem"
      title={model.id}
    >
      {model.problem === null ? (
        <div className={classes.actions}>
          <Button size="compact-sm" onClick={() => actions.bench([model.id])}>
            Bench
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => actions.serve.run(model.id)}>
            Serve
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => actions.quantize(model)}>
            Quantize…
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => actions.remove(model)}>
            Remove…
          </Button>
        </div>
      ) : (
        <FailedState
          problem={fromErrorPayload(model.problem)}
          action={
            <Button size="compact-sm" variant="default" onClick={() => actions.remove(model)}>
              Remove…
            </Button>
          }
        />
      )}
      <Tabs defaultValue="overview" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="tensors">Tensors</Tabs.Tab>
          <Tabs.Tab value="template">Chat template</Tabs.Tab>
          {model.problem === null ? <Tabs.Tab value="fit">Memory fit</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="md">
          <ModelOverview model={model} details={details.data} />
        </Tabs.Panel>
        <Tabs.Panel value="tensors" pt="md">
          <QueryView query={details} what="the tensors">
            {(data) => <TensorView details={data} />}
          </QueryView>
        </Tabs.Panel>
        <Tabs.Panel value="template" pt="md">
          <QueryView query={details} what="the chat template">
            {(data) =>
              data.chatTemplate === null ? (
                <EmptyState text="The file holds no chat template. It completes text, but cannot be chatted with." />
              ) : (
                <CodeBlock text={data.chatTemplate} what="chat template" />
              )
            }
          </QueryView>
        </Tabs.Panel>
        {model.problem === null ? (
          <Tabs.Panel value="fit" pt="md">
            <MemoryFitView modelId={model.id} />
          </Tabs.Panel>
        ) : null}
      </Tabs>
    </Drawer>
  );
};
