import { Button } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import type { Comparison } from '../../../shared/contract/bench.ts';
import { useModelActions } from '../../actions/use-model-actions.ts';

/** The way from knowing to using: serves the recommended file. */
export const ServePickButton = ({ pick }: { readonly pick: Comparison['pick'] }) => {
  const { serve } = useModelActions();
  return pick === null ? null : (
    <Button
      leftSection={<IconServer2 size={15} aria-hidden />}
      onClick={() => serve.run(pick.modelId)}
      loading={serve.isRunning}
    >
      Serve this one
    </Button>
  );
};
