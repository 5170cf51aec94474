module github.com/bangkom/bangkom/bench

go 1.26.0

replace github.com/bangkom/bangkom => ../
