import {
  BookOpen,
  CircleHelp,
  FilePenLine,
  FileText,
  FlaskConical,
  Keyboard,
  ListChecks,
  type LucideIcon,
  MonitorPlay,
  Plug,
  Search,
  SpellCheck,
  Terminal,
  Wrench,
} from 'lucide-react'

/** How a tool looks in the conversation; `preparing` stands until the loop says what the call does. */
export interface ToolFace {
  icon: LucideIcon
  preparing: string
}

const faces: Record<string, ToolFace> = {
  shell: { icon: Terminal, preparing: 'Preparing a command' },
  write_stdin: { icon: Keyboard, preparing: 'Preparing input' },
  apply_patch: { icon: FilePenLine, preparing: 'Writing a patch' },
  read_file: { icon: FileText, preparing: 'Choosing a file' },
  search: { icon: Search, preparing: 'Preparing a search' },
  run_tests: { icon: FlaskConical, preparing: 'Choosing tests' },
  diagnostics: { icon: SpellCheck, preparing: 'Checking types' },
  preview: { icon: MonitorPlay, preparing: 'Looking at the preview' },
  update_plan: { icon: ListChecks, preparing: 'Planning' },
  ask_user: { icon: CircleHelp, preparing: 'Asking' },
  use_server_tool: { icon: Plug, preparing: 'Preparing a call to a server' },
  fetch_docs: { icon: BookOpen, preparing: 'Choosing documentation' },
}

/** Tools that are not known here still get a card. */
export function faceOf(tool: string): ToolFace {
  return faces[tool] ?? { icon: Wrench, preparing: tool }
}
