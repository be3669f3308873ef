//! The way out of a maze: enums, options, vectors and strings to look at.

use std::collections::VecDeque;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Wall,
    Free,
    Seen { steps: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    row: usize,
    column: usize,
}

struct Maze {
    name: String,
    cells: Vec<Vec<Cell>>,
}

impl Maze {
    fn read(name: &str, text: &str) -> Maze {
        let cells = text
            .lines()
            .map(|line| line.chars().map(|c| if c == '#' { Cell::Wall } else { Cell::Free }).collect())
            .collect();
        Maze { name: name.to_string(), cells }
    }

    /// The free neighbours of a place.
    fn around(&self, place: Place) -> Vec<Place> {
        let mut found = Vec::new();
        for (down, right) in [(0i32, 1i32), (1, 0), (0, -1), (-1, 0)] {
            let row = place.row as i32 + down;
            let column = place.column as i32 + right;
            if row < 0 || column < 0 {
                continue;
            }
            let next = Place { row: row as usize, column: column as usize };
            let cell = self.cells.get(next.row).and_then(|line| line.get(next.column));
            if cell == Some(&Cell::Free) {
                found.push(next);
            }
        }
        found
    }

    /// How many steps it takes; `None` where there is no way.
    fn solve(&mut self, from: Place, to: Place) -> Option<u32> {
        let mut waiting = VecDeque::from([(from, 0)]);
        self.cells[from.row][from.column] = Cell::Seen { steps: 0 };
        while let Some((place, steps)) = waiting.pop_front() {
            if place == to {
                return Some(steps);
            }
            for next in self.around(place) {
                self.cells[next.row][next.column] = Cell::Seen { steps: steps + 1 };
                waiting.push_back((next, steps + 1));
            }
        }
        None
    }
}

fn main() {
    let mut maze = Maze::read("hedge", "..#.\n.#..\n....\n");
    let from = Place { row: 0, column: 0 };
    let to = Place { row: 0, column: 3 };
    match maze.solve(from, to) {
        Some(steps) => println!("{}: {} steps", maze.name, steps),
        None => println!("{}: no way", maze.name),
    }
    std::process::exit(if maze.solve(to, from).is_none() { 0 } else { 1 });
}
