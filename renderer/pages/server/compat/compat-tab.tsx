import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { CompatInput } from '../../../../shared/contract/compat.ts';
import { useLive } from '../../../live/use-live.ts';
import { useServices } from '../../../services-context.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FailedState } from '../../../ui/failed-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { ServerFrame } from '../server-frame.tsx';
import { CheckTable } from './check-table.tsx';
import { compatMarkdown, compatSummary } from './compat-state.ts';
import classes from './compat-tab.module.css';
import { useCompat } from './use-compat.ts';

/** Asks any server what clients of OpenAI, Anthropic and Ollama ask, and shows what came back. */
export const CompatTab = () => {
  const { client } = useServices();
  const server = useLive('server');
  const own = server.type === 'on' ? server.url : '';
  const [typed, setTyped] = useState<string | null>(null);
  const [key, setKey] = useState('');
  const [model, setModel] = useState('');
  const { state, start, stop } = useCompat();
  const url = (typed ?? own).trim();
  const isOwn = url !== '' && url === own;
  const isRunning = state.phase === 'running';

  const input = async (): Promise<CompatInput> => {
    const ownKey = isOwn && key === '' ? (await client.server.apiKey({})).apiKey : key;
    return { url, ...(ownKey !== '' && { apiKey: ownKey }), ...(model !== '' && { model }) };
  };

  return (
    <ServerFrame
      tab="compat"
      lead="Asks a server, this one or any other, what clients of OpenAI, Anthropic and Ollama ask, and shows what came back."
      actions={
        isRunning ? (
          <Button variant="default" leftSection={<IconPlayerStop size={15} aria-hidden />} onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button
            leftSection={<IconPlayerPlay size={15} aria-hidden />}
            disabled={!/^https?:\/\/./u.test(url)}
            onClick={() => start(input)}
          >
            Check
          </Button>
        )
      }
    >
      <Panel title="Server">
        <div className={classes.form}>
          <TextInput
            label="Address"
            description="With or without /v1"
            placeholder="http://localhost:8000/v1"
            value={typed ?? own}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <PasswordInput
            label="API key"
            description={isOwn ? 'Your own key, unless you type another' : 'Where it asks for one'}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <TextInput
            label="Model"
            description="The first it lists, unless you name one"
            value={model}
            onChange={(event) => setModel(event.currentTarget.value)}
          />
        </div>
      </Panel>
      {state.problem === null ? null : <FailedState problem={state.problem} onRetry={() => start(input)} />}
      {state.results.length === 0 ? null : (
        <p className={classes.summary} role="status">
          {state.phase === 'stopped' ? 'Stopped. ' : ''}
          {compatSummary(state.results)}
        </p>
      )}
      <Panel
        title="Checks"
        isFlush={state.results.length > 0}
        actions={
          state.results.length > 0 && !isRunning ? (
            <CopyButton text={compatMarkdown(url, state)} what="table as Markdown" label="Copy as Markdown" />
          ) : undefined
        }
      >
        {isRunning ? (
          <ProgressBar
            label={`${state.results.length} of ${state.total} checks`}
            fraction={state.total === 0 ? null : state.results.length / state.total}
          />
        ) : null}
        {state.results.length > 0 ? (
          <CheckTable results={state.results} />
        ) : (
          <EmptyState
            text={
              isRunning
                ? 'Asking for the list of models…'
                : 'Press Check. Each check is one behaviour, asks for few tokens and stands for itself.'
            }
          />
        )}
      </Panel>
    </ServerFrame>
  );
};
