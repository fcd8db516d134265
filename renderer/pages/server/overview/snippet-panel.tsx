import { Select, Tabs } from '@mantine/core';
import { useState } from 'react';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Panel } from '../../../ui/panel.tsx';
import classes from './snippet-panel.module.css';
import { snippetsFor } from './snippets.ts';
import { toolSnippetsFor } from './tool-snippets.ts';

/** How a tool is pointed at the server; one of a list, for there are many. */
const ToolSnippets = ({ url, modelId }: { readonly url: string; readonly modelId: string }) => {
  const tools = toolSnippetsFor(url, modelId);
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

/** How to call the server from a shell, a program or a tool. */
export const SnippetPanel = ({ url, modelId }: { readonly url: string; readonly modelId: string }) => {
  const snippets = snippetsFor(url, modelId);
  return (
    <Panel title="Call it">
      <p className={classes.note}>
        Put the API key into <span className="mono">DYNO_API_KEY</span> first.
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
          <ToolSnippets url={url} modelId={modelId} />
        </Tabs.Panel>
      </Tabs>
    </Panel>
  );
};
