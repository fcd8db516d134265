import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useModelActions } from '../../actions/use-model-actions.ts';
import { useLive } from '../../live/use-live.ts';
import { useServices } from '../../services-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LoadingState } from '../../ui/loading-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { filterModels } from './filter-models.ts';
import { ModelDrawer } from './model-drawer.tsx';
import { ModelTable } from './model-table.tsx';

/** The library: every GGUF Dyno knows, where it lies, and what can be done with it. */
export const ModelsPage = ({ openModelId }: { readonly openModelId: string | null }) => {
  const { dialogs, router } = useServices();
  const models = useLive('models');
  const isLoaded = useLive('isLoaded');
  const [words, setWords] = useState('');
  const { scan } = useModelActions();
  const shown = filterModels(models, words);
  const open = models.find((model) => model.id === openModelId);

  return (
    <Page
      title="Models"
      lead="GGUF files stay where they are. Drop one anywhere on this window to add it."
      actions={
        <>
          <TextInput
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            placeholder="Filter"
            aria-label="Filter models by name, architecture or quantization"
            leftSection={<IconSearch size={14} aria-hidden />}
            w="12rem"
          />
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} aria-hidden />}
            onClick={() => scan.run()}
            loading={scan.isRunning}
          >
            Scan folders
          </Button>
          <Button
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={() => dialogs.open({ type: 'add-model', tab: 'download', fileName: null })}
          >
            Add model
          </Button>
        </>
      }
    >
      <Panel
        title={shown.length === models.length ? 'Library' : `Library, ${shown.length} of ${models.length}`}
        isFlush
      >
        {!isLoaded ? (
          <LoadingState what="the library" />
        ) : models.length === 0 ? (
          <EmptyState
            text="No model is here yet. Download one, or name a folder that holds GGUF files in Settings."
            action={
              <Button onClick={() => dialogs.open({ type: 'add-model', tab: 'download', fileName: null })}>
                Add model
              </Button>
            }
          />
        ) : shown.length === 0 ? (
          <EmptyState
            text={`No model has “${words}” in its name, architecture or quantization.`}
            action={
              <Button variant="default" onClick={() => setWords('')}>
                Show all
              </Button>
            }
          />
        ) : (
          <ModelTable models={shown} openModelId={openModelId} />
        )}
      </Panel>
      {open === undefined ? null : (
        <ModelDrawer model={open} onClose={() => router.go({ page: 'models', modelId: null })} />
      )}
    </Page>
  );
};
