import { Select, Tabs } from '@mantine/core';
import { useState } from 'react';
import type { ServerStatus } from '../../../../shared/contract/server.ts';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Panel } from '../../../ui/panel.tsx';
import classes from './snippet-panel.module.css';
import { CA_FILE, snippetsFor, type SnippetTarget } from './snippets.ts';
import { toolSnippetsFor } from './tool-snippets.ts';

/** How a tool is pointed at the server; one of a list, for there are many. */
const ToolSnippets = ({ target }: { readonly target: SnippetTarget }) => {
  const tools = toolSnippetsFor(target);
  const [chosenId, choose] = useState('open-webui');
  const chosen = tools.find(({ id }) => id === chosenId);
  return (
    <>
      <Select
        label="Tool"
        size="xs"
        mb="xs"
        data={tools.map(({ id, title }) => ({ value: id, label: title }))}
        value={chosenId}
        allowDeselect={false}
        onChange={(id) => {
          if (id !== null) choose(id);
        }}
      />
      {chosen !== undefined && <CodeBlock text={chosen.text} what={`${chosen.title} snippet`} />}
    </>
  );
};

/** How to call the server from a shell, a program or a tool; from another machine, where it is open to them. */
export const SnippetPanel = ({ server }: { readonly server: Extract<ServerStatus, { type: 'on' }> }) => {
  const { network, modelId } = server;
  const [chosen, choose] = useState<string | null>(null);
  const [outerUrl] = network?.urls ?? [];
  const url =
    [server.url, ...(network?.urls ?? [])].find((each) => each === chosen) ?? outerUrl ?? server.url;
  const isOuter = url !== server.url;
  const needsCa = isOuter && network?.tls.type === 'selfSigned';
  const target = { url, modelId, needsCa };
  const snippets = snippetsFor(target);
  return (
    <Panel title="Call it">
      {network === null ? null : (
        <Select
          label="From"
          size="xs"
          mb="xs"
          data={[
            ...network.urls.map((each) => ({ value: each, label: `another machine, ${each}` })),
            { value: server.url, label: `this machine, ${server.url}` },
          ]}
          value={url}
          allowDeselect={false}
          onChange={choose}
        />
      )}
      <p className={classes.note}>
        Put {isOuter ? 'a key made for that client' : 'the API key'} into{' '}
        <span className="mono">DYNO_API_KEY</span>
        {needsCa ? (
          <>
            {' '}
            and the certificate into <span className="mono">{CA_FILE}</span>
          </>
        ) : null}{' '}
        first.
      </p>
      <Tabs defaultValue="curl" keepMounted={false}>
        <Tabs.List>
          {snippets.map((snippet) => (
            <Tabs.Tab key={snippet.id} value={snippet.id}>
              {snippet.title}
            </Tabs.Tab>
          ))}
          <Tabs.Tab value="tools">Tools</Tabs.Tab>
        </Tabs.List>
        {snippets.map((snippet) => (
          <Tabs.Panel key={snippet.id} value={snippet.id} pt="sm">
            <CodeBlock text={snippet.text} what={`${snippet.title} snippet`} />
          </Tabs.Panel>
        ))}
        <Tabs.Panel value="tools" pt="sm">
          <ToolSnippets target={target} />
        </Tabs.Panel>
      </Tabs>
    </Panel>
  );
};
