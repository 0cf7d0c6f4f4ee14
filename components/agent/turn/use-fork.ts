import { useToast } from '@/components/ui/toast'
import { useAttempt } from '../use-attempt'

/** Says where the first conversation is once the copy is open. */
export function useFork(): (forking: Promise<void>) => void {
  const attempt = useAttempt()
  const toast = useToast()
  return (forking) =>
    void attempt(
      forking.then(() => toast({ text: 'This is a copy now. The first conversation is kept under Conversations.' })),
    )
}
