import type { Template } from './types'

export const python: Template = {
  name: 'python',
  title: 'Python',
  description: 'Plain Python with tests; nothing to install.',
  icon: 'file-code-2',
  openFile: 'words.py',
  files: {
    'README.md':
      '# Python\n\nRun it with `python main.py`, test it with `python -m pytest`. It runs in this tab: no server, no network.\n',
    'main.py': `import sys

from words import count_words

text = ' '.join(sys.argv[1:]) or input('Say something: ')
for word, count in sorted(count_words(text).items()):
    print(f'{count:3} {word}')
`,
    'words.py': `import re
from collections import Counter


def count_words(text: str) -> dict[str, int]:
    """How often each word occurs, in lower case."""
    return dict(Counter(re.findall(r'\\w+', text.lower())))
`,
    'test_words.py': `import pytest

from words import count_words


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('Rose is a rose', {'rose': 2, 'is': 1, 'a': 1}),
        ('', {}),
    ],
)
def test_counts_words_whatever_their_case(text, expected):
    assert count_words(text) == expected


def test_leaves_punctuation_out():
    assert count_words('Stop! Stop.') == {'stop': 2}
`,
  },
}
