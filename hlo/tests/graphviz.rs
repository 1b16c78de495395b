//! Pictures of programs.

use std::collections::HashSet;

use hlo::DType::{F32, S32};
use hlo::Trace;
use insta::assert_snapshot;

fn dot(record: impl for<'t> FnOnce(&'t Trace)) -> String {
    hlo::trace("picture", record).unwrap().dot()
}

fn train_step(t: &Trace) {
    let w = t.input("head/w", F32, [4, 3]);
    let x = t.input("x", F32, [32, 4]);
    let loss = x.matmul(w).logsumexp(-1).mean(..);
    t.output_in_place(w, w - 0.1 * hlo::grad(loss, w));
    t.output("a \"loss\"", loss);
}

fn loop_and_branch(t: &Trace) {
    let (x, n) = (t.input("x", F32, [4]), t.input("n", S32, []));
    let (x, _) = hlo::while_loop(
        (x, n),
        |(_, n)| n.greater(0),
        |(x, n)| (hlo::cond(x.sum(..).greater(0.0), || x * 2.0, || x + 1.0), n - 1),
    );
    t.output("y", x);
}

#[test]
fn operations_are_boxes_and_values_are_edges() {
    let picture = dot(|t| {
        let (x, w) = (t.input("x", F32, [32, 4]), t.input("w", F32, [4, 3]));
        t.output("y", x.matmul(w).sum(0) + 0.5);
    });
    assert_snapshot!(picture, @r#"digraph "picture" {
  node [shape=box, fontname="sans-serif", fontsize=11];
  edge [fontname="sans-serif", fontsize=9];
  subgraph cluster0 {
    label="main";
    n0 [label="x\nf32[32, 4]", shape=ellipse];
    n1 [label="w\nf32[4, 3]", shape=ellipse];
    n2 [label="dot_general"];
    n3 [label="reduce add"];
    n4 [label="0.0e0", shape=plaintext];
    n5 [label="broadcast_in_dim"];
    n6 [label="5.0e-1", shape=plaintext];
    n7 [label="add"];
    n8 [label="y", shape=ellipse];
  }
  n0 -> n2 [label="f32[32, 4]"];
  n1 -> n2 [label="f32[4, 3]"];
  n2 -> n3 [label="f32[32, 3]"];
  n4 -> n3 [label="f32[]"];
  n6 -> n5 [label="f32[]"];
  n3 -> n7 [label="f32[3]"];
  n5 -> n7 [label="f32[3]"];
  n7 -> n8 [label="f32[3]"];
}"#);
}

#[test]
fn regions_are_clusters_in_clusters() {
    assert_snapshot!(dot(loop_and_branch), @r#"digraph "picture" {
  node [shape=box, fontname="sans-serif", fontsize=11];
  edge [fontname="sans-serif", fontsize=9];
  subgraph cluster0 {
    label="main";
    n0 [label="x\nf32[4]", shape=ellipse];
    n1 [label="n\ni32[]", shape=ellipse];
    n2 [label="while"];
    subgraph cluster1 {
      label="while: condition";
      n3 [label="f32[4]", shape=ellipse];
      n4 [label="i32[]", shape=ellipse];
      n5 [label="compare"];
      n6 [label="0", shape=plaintext];
      n7 [label="return", shape=plaintext];
    }
    subgraph cluster2 {
      label="while: body";
      n8 [label="f32[4]", shape=ellipse];
      n9 [label="i32[]", shape=ellipse];
      n10 [label="reduce add"];
      n11 [label="0.0e0", shape=plaintext];
      n12 [label="compare"];
      n13 [label="0.0e0", shape=plaintext];
      n14 [label="if"];
      subgraph cluster3 {
        label="if: on true";
        n15 [label="broadcast_in_dim"];
        n16 [label="2.0e0", shape=plaintext];
        n17 [label="multiply"];
        n18 [label="return", shape=plaintext];
      }
      subgraph cluster4 {
        label="if: on false";
        n19 [label="broadcast_in_dim"];
        n20 [label="1.0e0", shape=plaintext];
        n21 [label="add"];
        n22 [label="return", shape=plaintext];
      }
      n23 [label="subtract"];
      n24 [label="1", shape=plaintext];
      n25 [label="return", shape=plaintext];
    }
    n26 [label="y", shape=ellipse];
  }
  n4 -> n5 [label="i32[]"];
  n6 -> n5 [label="i32[]"];
  n5 -> n7 [label="i1[]"];
  n7 -> n2 [style=dashed];
  n8 -> n10 [label="f32[4]"];
  n11 -> n10 [label="f32[]"];
  n10 -> n12 [label="f32[]"];
  n13 -> n12 [label="f32[]"];
  n16 -> n15 [label="f32[]"];
  n8 -> n17 [label="f32[4]"];
  n15 -> n17 [label="f32[4]"];
  n17 -> n18 [label="f32[4]"];
  n18 -> n14 [style=dashed];
  n20 -> n19 [label="f32[]"];
  n8 -> n21 [label="f32[4]"];
  n19 -> n21 [label="f32[4]"];
  n21 -> n22 [label="f32[4]"];
  n22 -> n14 [style=dashed];
  n12 -> n14 [label="i1[]"];
  n9 -> n23 [label="i32[]"];
  n24 -> n23 [label="i32[]"];
  n14 -> n25 [label="f32[4]"];
  n23 -> n25 [label="i32[]"];
  n25 -> n2 [style=dashed];
  n0 -> n2 [label="f32[4]"];
  n1 -> n2 [label="i32[]"];
  n2 -> n26 [label="f32[4]"];
}"#);
}

#[test]
fn every_edge_joins_two_nodes_that_are_drawn_once_and_brackets_close() {
    for picture in [dot(train_step), dot(loop_and_branch)] {
        let mut drawn = HashSet::new();
        for node in picture.lines().filter_map(|line| line.trim().split_once(" [label")) {
            match node.0.split_once(" -> ") {
                None => assert!(drawn.insert(node.0), "{} is drawn twice", node.0),
                Some((from, to)) => assert!(drawn.contains(from) && drawn.contains(to)),
            }
        }
        assert!(drawn.len() > 10);
        let count = |ending| picture.lines().filter(|line| line.ends_with(ending)).count();
        assert_eq!(count("{"), count("}"));
    }
}

#[test]
fn names_are_quoted() {
    assert!(dot(train_step).contains(r#"[label="a \"loss\"", shape=ellipse]"#));
}
