export const people = [
  { name: 'Ada Lovelace', age: 36 },
  { name: 'Grace Hopper, Rear Admiral', age: 85 },
  { name: 'Konrad Zuse', age: 85 },
]
