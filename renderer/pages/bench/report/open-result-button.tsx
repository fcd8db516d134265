import { Button, FileButton } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useOpenResult } from './use-open-result.ts';

/** Takes in a result of another tool, or checks a report of Dyno. */
export const OpenResultButton = () => {
  const open = useOpenResult();
  return (
    <FileButton
      accept=".json,.jsonl,.csv,.md,.sql,.txt,.html"
      onChange={(file) => {
        if (file !== null) open.run(file);
      }}
    >
      {(props) => (
        <Button
          {...props}
          variant="default"
          leftSection={<IconFileImport size={15} aria-hidden />}
          loading={open.isRunning}
          title="A result of llama-bench, vLLM, GuideLLM or AIPerf, or a report of Dyno to be checked"
        >
          Open file
        </Button>
      )}
    </FileButton>
  );
};
